"""Major incidents: what makes one, how it is run, and what was learned (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.levels import PRIORITY, Priority
from gnomon.portfolio.models import Service
from gnomon.records.fields import MomentField
from gnomon.records.levels import LevelField
from gnomon.records.models import Record


def _somebody(title: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="+", verbose_name=title, db_index=False, **options
    )


class MajorIncidentCriteria(Record):
    """What makes an incident a major one, and the procedure for it (8.6.1)."""

    criteria = models.TextField(_("criteria"), blank=True)
    priority_at_least = LevelField(
        _("priority at least"), scale=PRIORITY, choices=Priority.choices, default=Priority.CRITICAL
    )
    criticality_at_least = models.PositiveSmallIntegerField(
        _("criticality of the service at least"), choices=Service.Criticality.choices, null=True, blank=True
    )
    procedure = models.ForeignKey(
        "governance.Document", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("procedure"),
    )  # fmt: skip
    checklist = models.TextField(
        _("checklist"), blank=True, default="",
        help_text=_("One step of the procedure a line, with its minutes first if it has a limit: “15: Call the duty manager”."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("major incident criteria")


class MajorIncident(Record):
    """An incident while it is run as a major one; the title is the situation in one sentence (8.6.1)."""

    incident = models.ForeignKey(
        "resolution.Incident", on_delete=models.PROTECT, related_name="major_incidents", verbose_name=_("incident")
    )
    criteria = models.ForeignKey(
        MajorIncidentCriteria, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("criteria met"),
    )  # fmt: skip
    reason = models.TextField(
        _("reason"),
        blank=True,
        default="",
        help_text=_("Why this is a major incident; it is kept with the declaration."),
    )
    manager = _somebody(_("major incident manager"))
    technical_lead = _somebody(_("technical lead"), null=True, blank=True)
    communicator = _somebody(_("communicator"), null=True, blank=True)
    declared_at = MomentField(_("declared at"), null=True, blank=True)
    informed = models.CharField(
        _("who of top management was informed"), max_length=300, blank=True, default="",
        help_text=_("Left empty, everybody who holds the role is told here."),
    )  # fmt: skip
    informed_at = MomentField(_("top management informed at"), null=True, blank=True)
    update_every = models.PositiveSmallIntegerField(
        _("minutes between updates"), default=30, validators=(MinValueValidator(5), MaxValueValidator(1440))
    )
    next_update_due_at = MomentField(_("next update due"), null=True, blank=True)
    ended_at = MomentField(_("ended at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("major incident")
        indexes = (models.Index(fields=("status", "next_update_due_at"), name="major_incidents_now"),)
        constraints = (
            models.UniqueConstraint(
                fields=("incident",), condition=models.Q(status="declared"),
                name="an_incident_is_declared_major_once_at_a_time",
            ),
        )  # fmt: skip


class CustomerNotice(Record):
    """A text for customers about an incident: a version, shown once it is published (8.6.1)."""

    incident = models.ForeignKey(
        "resolution.Incident", on_delete=models.PROTECT, related_name="customer_notices", verbose_name=_("incident")
    )
    text_en = models.TextField(_("text in English"), blank=True, default="")
    text_zh = models.TextField(_("text in Chinese"), blank=True, default="")
    published_at = MomentField(_("published at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("notice to customers")
        indexes = (models.Index(fields=("status", "-id"), name="customer_notices_now"),)


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
