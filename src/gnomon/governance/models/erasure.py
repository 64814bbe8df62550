"""A person's wish to be forgotten, and what was done about it (7.5.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class Erasure(Record):
    """The erasure of what the records say of one person; the person is known by number, so that it names nobody."""

    person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person concerned"),
        help_text=_("The person must have left: first take their access away."),
    )  # fmt: skip
    reason = models.TextField(
        _("reason"), help_text=_("Why, and on what ground: the law, the letter and its date. Do not name the person.")
    )
    written = models.BooleanField(
        _("what they wrote"),
        default=True,
        help_text=_("Their comments, notes, files and reasons, and what they asked for."),
    )
    named = models.BooleanField(
        _("what names them"),
        default=True,
        help_text=_("Texts of others with their name, username, address or telephone."),
    )
    left_out = models.TextField(
        _("records to leave out"), blank=True, default="",
        help_text=_("Numbers of records that keep what they say, one on each line; say in the reason why."),
    )  # fmt: skip
    approved_by = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, blank=True, editable=False,
        related_name="+", verbose_name=_("approved by"),
    )  # fmt: skip
    values_erased = models.PositiveIntegerField(_("values erased"), default=0, editable=False)
    records_blanked = models.PositiveIntegerField(_("records blanked"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
