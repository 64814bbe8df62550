"""Incidents are escalated when they need it, and none is forgotten (8.6.1 c, d)."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.histories import Pins
from gnomon.agreements.models import ClockProjection
from gnomon.agreements.policies import pinned_calendar
from gnomon.calendars.calendar import Calendar
from gnomon.jobs.moments import MomentField, written
from gnomon.resolution.evidence.populations import NOT_COUNTED, finding, not_by
from gnomon.resolution.lenses import open_at
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding, Question, evidence

RESOLVE = "resolve"
TIMES = 5


@evidence("8.6.1-c", _("Incidents whose time to resolve ran out were escalated"))
def late_incidents_are_escalated(question: Question) -> Finding:
    """The trigger of escalation is the moment when the resolution clock reached its whole target.

    A clock that still runs has passed it once the last moment in time lies in the past.
    """
    clock = ClockProjection.objects.filter(number=OuterRef("number"), name=RESOLVE)
    ran_out = clock.exclude(state="cancelled").filter(Q(breached_at__isnull=False) | Q(state="running"))
    period = question.period
    incidents = (
        Incident.objects.filter(opened_at__lt=period.end)
        .filter(Q(resolved_at__isnull=True) | Q(resolved_at__gte=period.start))
        .exclude(status__in=NOT_COUNTED)
        .annotate(
            trigger_at=Subquery(
                ran_out.values(at=Coalesce("breached_at", "late_after"))[:1], output_field=MomentField()
            )
        )
        .filter(trigger_at__gte=period.start, trigger_at__lt=min(period.end, question.as_of))
        .order_by()
    )
    return finding(incidents, failed=not_by("escalated_at", question))


@evidence("8.6.1-d", _("No incident has been open five times as long as agreed"), rule=3)
def open_incidents_are_not_forgotten(question: Question) -> Finding:
    """Service time since it opened, waiting included, against the target of its resolution clock."""
    clock = ClockProjection.objects.filter(number=OuterRef("number"), name=RESOLVE)
    asked = ("target_seconds", "sla", "sla_version", "calendar_version")
    rows = (
        open_at(Incident.objects.exclude(status__in=NOT_COUNTED).order_by(), written(question.as_of))
        .annotate(**{f"clock_{name}": Subquery(clock.values(name)[:1]) for name in asked})
        .filter(clock_target_seconds__isnull=False)
        .values_list("number", "opened_at", *(f"clock_{name}" for name in asked))
    )
    calendars: dict[tuple[str, int | None, int | None], Calendar] = {}
    population, failed = [], []
    for number, opened_at, target, sla, sla_version, calendar_version in rows:
        pinned = (sla, sla_version, calendar_version)
        if pinned not in calendars:
            calendars[pinned] = pinned_calendar(
                Pins(sla=sla or None, sla_version=sla_version, calendar_version=calendar_version)
            )
        population.append(number)
        if calendars[pinned].between(opened_at, question.as_of) > TIMES * target:
            failed.append(number)
    return Finding(population, failed=failed)
