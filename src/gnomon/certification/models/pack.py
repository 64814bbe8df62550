"""The order of an audit pack and, once it is made, what it was made from and its digest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class AuditPack(Record):
    """What an auditor takes home of a period and scope; its file lies beside the database, its digest in the ledger."""

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True)
    services = models.JSONField(_("services"), default=list, blank=True)
    seed = models.CharField(_("seed of the samples"), max_length=80, blank=True, default="")
    sample_size = models.PositiveIntegerField(_("records in a sample"), default=25)
    names = models.BooleanField(_("names of people"), default=True)
    purpose = models.TextField(_("purpose"), blank=True, default="")
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True, default="")
    known = models.JSONField(_("checkpoints that the auditor knows"), default=list, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True, default="")

    run = models.CharField(_("conformity run"), max_length=40, blank=True, default="")
    checkpoint = models.BigIntegerField(_("entries sealed"), null=True, blank=True)
    root = models.CharField(_("root"), max_length=64, blank=True, default="")
    made_at = MomentField(_("state of"), null=True, blank=True)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, default="")
    size = models.BigIntegerField(_("bytes"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=120, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("audit pack")
        verbose_name_plural = _("audit packs")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="a_pack_ends_after_it_begins"
            ),
        )


class PackProgress(models.Model):
    """How far the making of a pack is; a working note of the worker, gone when it is done."""

    pack = models.OneToOneField(AuditPack, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    stage = models.CharField(max_length=20)
    done = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
