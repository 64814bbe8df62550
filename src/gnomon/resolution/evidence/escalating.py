"""Incidents are escalated when they need it, and none is forgotten (8.6.1 c, d)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import BigIntegerField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.histories import Pins
from gnomon.agreements.models import ClockProjection
from gnomon.agreements.policies import agreed_facts, pinned_calendar
from gnomon.calendars.calendar import Calendar
from gnomon.jobs.moments import MomentField, milliseconds, moment, written
from gnomon.resolution.evidence.populations import NOT_COUNTED, asked_about, soonest
from gnomon.resolution.lenses import OPEN_AT
from gnomon.standard.plugs import Finding, Question, Recordwise, evidence

RESOLVE = "resolve"
TIMES = 5
BY_ITS_CLOCK = Recordwise("incident", reads=("service_level_agreement", "work_calendar"))


@evidence("8.6.1-c", _("Incidents whose time to resolve ran out were escalated"), recordwise=BY_ITS_CLOCK)
def late_incidents_are_escalated(question: Question) -> Finding:
    """The trigger of escalation is the moment when the resolution clock reached its whole target.

    A clock that still runs has passed it once the last moment in time lies in the past.
    """
    clock = ClockProjection.objects.filter(number=OuterRef("number"), name=RESOLVE)
    ran_out = clock.exclude(state="cancelled").filter(Q(breached_at__isnull=False) | Q(state="running"))
    period, soon = question.period, question.until or question.as_of
    trigger = Subquery(ran_out.values(at=Coalesce("breached_at", "late_after"))[:1], output_field=MomentField())
    rows = (
        asked_about(question)
        .filter(opened_at__lt=soon)
        .filter(Q(resolved_at__isnull=True) | Q(resolved_at__gte=period.start))
        .exclude(status__in=NOT_COUNTED)
        .annotate(trigger_at=trigger)
        .filter(trigger_at__gte=period.start, trigger_at__lt=soon)
        .values_list("number", "opened_at", "resolved_at", "trigger_at", "escalated_at")
    )
    population, failed, turns = list[str](), list[str](), dict[str, datetime]()
    back = question.as_of - period.start
    for number, opened_at, resolved_at, trigger_at, escalated_at in rows:
        leaves = trigger_at if resolved_at is None else min(trigger_at, resolved_at)
        ahead = [at for at in (opened_at, trigger_at, escalated_at) if at is not None and at >= question.as_of]
        soonest(turns, [(number, at) for at in (*ahead, leaves + back)], question)
        if max(opened_at, trigger_at) < min(period.end, question.as_of):
            population.append(number)
            if escalated_at is None or escalated_at > question.as_of:
                failed.append(number)
    return Finding(population, failed=failed, turns=turns)


@evidence(
    "8.6.1-d", _("No incident has been open five times as long as agreed"), rule=3, version=2, recordwise=BY_ITS_CLOCK
)
def open_incidents_are_not_forgotten(question: Question) -> Finding:
    """Service time since it opened, waiting included, against the target of its resolution clock.

    Where the version of the service hours is missing that time cannot be told, and the incident is named.
    """
    population, failed, turns = list[str](), list[str](), dict[str, datetime]()
    now, soon = milliseconds(question.as_of), milliseconds(question.until or question.as_of)
    for calendar, most, group in _by_allowance(question):
        opened = [at for _number, at in group]
        spent = calendar.between_many(opened, [now] * len(group)) if calendar is not None else [0] * len(group)
        for (number, at), seconds in zip(group, spent, strict=True):
            population.append(number)
            if seconds > most or calendar is None:
                failed.append(number)
            elif most - seconds <= (soon - now) // 1000:
                soonest(turns, [(number, moment(calendar.add_many([at], most)[0]))], question)
    for field in ("opened_at", "resolved_at", "closed_at"):
        if question.until is not None:
            bounds = {f"{field}__gte": question.as_of, f"{field}__lt": question.until}
            soonest(turns, asked_about(question).filter(**bounds).values_list("number", field), question)
    return Finding(population, failed=failed, turns=turns)


def _by_allowance(question: Question) -> list[tuple[Calendar | None, int, Sequence[tuple[str, int]]]]:
    """Open incidents with a target, as number and moment of opening, by hours and five times the target."""
    clock = ClockProjection.objects.filter(number=OuterRef("number"), name=RESOLVE, target_seconds__isnull=False)
    parts = ("target_seconds", "calendar_version", "sla_version")
    texts = (Coalesce(Cast(part, TextField()), Value("", TextField())) for part in parts)
    pinned = Concat(*(each for text in texts for each in (text, Value("|", TextField()))), Cast("sla", TextField()))
    open_now = OPEN_AT(asked_about(question).exclude(status__in=NOT_COUNTED), written(question.as_of))
    rows = open_now.annotate(
        pinned=Subquery(clock.values(pinned=pinned)[:1]), opened=Cast("opened_at", BigIntegerField())
    ).values_list("number", "opened", "pinned")
    together: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, opened, text in rows:
        if text is not None:
            together[text].append((number, opened))
    return [(*_allowance(text), group) for text, group in together.items()]


def _allowance(pinned: str) -> tuple[Calendar | None, int]:
    """The hours, None when nobody can tell them, and five times the target."""
    target, calendar_version, sla_version, sla = pinned.split("|", 3)
    pins = Pins(
        sla=sla or None,
        sla_version=int(sla_version) if sla_version else None,
        calendar_version=int(calendar_version) if calendar_version else None,
    )
    untold = pins.calendar_version is None and agreed_facts(pins).get("calendar") is not None
    return None if untold else pinned_calendar(pins), TIMES * int(target)
