"""Operational level agreements with teams, and the clocks of their turns (8.3.4.2)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.fields import InternalTargetsField
from gnomon.agreements.list_fields import PercentagesField
from gnomon.agreements.models.agreement import usual_thresholds
from gnomon.records.fields import MomentField
from gnomon.records.models import Record


class OperationalLevelAgreement(Record):
    """What a team inside the house, an internal supplier, has agreed to: how soon it is done with its turn (8.3.4.2)."""

    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, related_name="internal_agreements", verbose_name=_("team")
    )
    service = models.ForeignKey(
        "portfolio.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="internal_agreements",
        verbose_name=_("service"), help_text=_("Left empty, it holds for every service."),
    )  # fmt: skip
    calendar = models.ForeignKey(
        "organization.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True,
        related_name="internal_agreements", verbose_name=_("hours of the team"),
        help_text=_("Left empty, time counts round the clock."),
    )  # fmt: skip
    effective_from = models.DateField(_("in effect from"), null=True, blank=True)
    effective_to = models.DateField(_("in effect until"), null=True, blank=True)
    targets = InternalTargetsField(_("targets of the team"), default=list, blank=True)
    thresholds = PercentagesField(_("thresholds in percent"), default=usual_thresholds, blank=True)
    waiting_pauses_resolve = models.BooleanField(_("waiting pauses the clock"), default=True)
    activities = models.TextField(_("what the team does"), blank=True)
    interfaces = models.TextField(_("how work is handed over"), blank=True)
    team_agreed_at: MomentField[Any, Any] = MomentField(_("agreed by the team at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("operational level agreement")
        indexes = (models.Index(fields=("team", "status"), name="internal_agreement_of_team"),)


class TeamClock(models.Model):
    """The clock of one turn of one team that had a target, as it stood at the last happening that it heeds.

    A projection: derived from the ledger and rebuildable at any time. Turns without an agreement have no row.
    """

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    nth = models.PositiveIntegerField()
    team = models.CharField(_("team"), max_length=40)
    state = models.CharField(max_length=20)
    started_at: MomentField[Any, Any] = MomentField(null=True)
    stopped_at: MomentField[Any, Any] = MomentField(null=True)
    elapsed_seconds = models.BigIntegerField(default=0)
    target_seconds = models.BigIntegerField(null=True)
    due_at: MomentField[Any, Any] = MomentField(null=True)
    late_after: MomentField[Any, Any] = MomentField(null=True)
    breached_at: MomentField[Any, Any] = MomentField(null=True)
    met = models.BooleanField(null=True)
    ola = models.CharField(max_length=40)
    ola_version = models.PositiveIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "nth"), name="one_clock_of_a_turn"),)
        indexes = (
            models.Index(fields=("team", "started_at"), name="turns_of_a_team"),
            models.Index(
                fields=("ola",), name="open_turns_of_agreement",
                condition=models.Q(state__in=("running", "paused", "no_target")),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.nth} {self.team} {self.state}"
