"""That the ledger was verified, stamped from outside, and signed by which keys (7.5.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class LedgerVerification(Record):
    """One verification of the whole ledger, and what it found; each night, and whenever somebody wants one."""

    class Files(models.TextChoices):
        ALL = "all", _("all files and clocks")
        SAMPLE = "sample", _("a tenth of files and clocks, another each day")
        NONE = "none", _("no files and no clocks")

    files = models.CharField(
        _("files to read, clocks to derive"), max_length=10, choices=Files.choices, default=Files.ALL
    )
    ended_at = MomentField(_("ended at"), null=True, blank=True, editable=False)
    entries = models.BigIntegerField(_("entries"), default=0, editable=False)
    sealed = models.BigIntegerField(_("sealed entries"), default=0, editable=False)
    checkpoints = models.BigIntegerField(_("checkpoints"), default=0, editable=False)
    records_compared = models.BigIntegerField(_("records compared"), default=0, editable=False)
    files_read = models.BigIntegerField(_("files read"), default=0, editable=False)
    faults = models.BigIntegerField(_("faults"), default=0, editable=False)
    first_fault = models.TextField(_("first fault"), blank=True, default="", editable=False)
    remarks = models.TextField(_("remarks"), blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("verification of the ledger")
        verbose_name_plural = _("verifications of the ledger")


class TimeStamp(Record):
    """A stamp by an authority outside (RFC 3161): this checkpoint existed at that moment."""

    size = models.BigIntegerField(_("entries"), default=0, editable=False)
    checkpoint = models.CharField(_("digest of the checkpoint"), max_length=64, blank=True, default="", editable=False)
    authority = models.CharField(_("authority"), max_length=500, blank=True, default="", editable=False)
    stamped_at = MomentField(_("stamped at"), null=True, blank=True, editable=False)
    serial = models.CharField(_("serial number"), max_length=60, blank=True, default="", editable=False)
    token = models.TextField(_("answer of the authority"), blank=True, default="", editable=False)
    refusals = models.PositiveIntegerField(_("answers refused"), default=0, editable=False)
    last_refusal = models.TextField(_("last refusal"), blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("time stamp")
        verbose_name_plural = _("time stamps")


class SigningKey(Record):
    """A key that signs checkpoints; the key before it signed that it follows."""

    key = models.CharField(_("key"), max_length=16, unique=True)
    public = models.CharField(_("public half"), max_length=64)
    since = MomentField(_("since"))
    follows = models.CharField(_("follows the key"), max_length=16, blank=True, default="")
    handover = models.TextField(_("handover"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")


class MessageSeal(Record):
    """What people were told since the seal before, and what they read until a moment, as digests (7.4).

    Receipts `receipts_after` < id ≤ `receipts_to` and readings `read_after` < at ≤ `sealed_until` are in it; title and
    text, which an erasure may blank, by their commitment.
    """

    receipts_after = models.BigIntegerField(_("after receipt"), default=0, editable=False)
    receipts_to = models.BigIntegerField(_("up to receipt"), default=0, editable=False)
    told = models.BigIntegerField(_("receipts told"), default=0, editable=False)
    told_digest = models.CharField(_("digest of what was told"), max_length=64, editable=False)
    read_after = MomentField(_("read after"), editable=False)
    sealed_until = MomentField(_("sealed until"), editable=False)
    read = models.BigIntegerField(_("receipts read"), default=0, editable=False)
    read_digest = models.CharField(_("digest of what was read"), max_length=64, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("seal of messages")
        verbose_name_plural = _("seals of messages")
