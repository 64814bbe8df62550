"""Documented information (7.5)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class Document(Record):
    """A policy, plan, procedure or other controlled document (7.5)."""

    class Type(models.TextChoices):
        POLICY = "policy", _("Policy")
        PLAN = "plan", _("Plan")
        PROCEDURE = "procedure", _("Procedure")
        RECORD = "record", _("Record form")
        REPORT = "report", _("Report")

    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.PROCEDURE)
    text = models.TextField(_("text"), blank=True)
    edition = models.CharField(_("edition"), max_length=20, blank=True, default="1")
    approved_by = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("approved by"),
    )  # fmt: skip
    next_review_date = models.DateField(_("next review"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("document")
