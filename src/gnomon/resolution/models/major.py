"""Major incidents: what makes one, and what was learned (8.6.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.portfolio.models import Service
from gnomon.records.fields import MomentField
from gnomon.records.models import Record
from gnomon.resolution.models.incident import Priority


class MajorIncidentCriteria(Record):
    """What makes an incident a major one, and the procedure for it (8.6.1)."""

    criteria = models.TextField(_("criteria"), blank=True)
    priority_at_least = models.PositiveSmallIntegerField(
        _("priority at least"), choices=Priority.choices, default=Priority.CRITICAL
    )
    criticality_at_least = models.PositiveSmallIntegerField(
        _("criticality of the service at least"), choices=Service.Criticality.choices, null=True, blank=True
    )
    procedure = models.ForeignKey(
        "governance.Document", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("procedure"),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("major incident criteria")


class MajorIncidentReview(Record):
    """What was learned from a major incident after its resolution (8.6.1)."""

    incident = models.OneToOneField(
        "resolution.Incident", on_delete=models.PROTECT, related_name="major_review", verbose_name=_("incident")
    )
    report = models.TextField(_("report"), blank=True)
    reported_at = MomentField(_("reported at"), null=True, blank=True)
    held_at = MomentField(_("held at"), null=True, blank=True)
    improvements = models.TextField(_("improvements"), blank=True)
    no_improvement_reason = models.TextField(_("reason for no improvement"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("major incident review")
