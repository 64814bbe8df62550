"""Incidents are escalated when they need it, and none is forgotten (8.6.1 c, d)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.histories import Pins
from gnomon.agreements.models import ClockProjection
from gnomon.agreements.policies import agreed_facts, pinned_calendar
from gnomon.calendars.calendar import Calendar
from gnomon.jobs.moments import milliseconds, moment, written
from gnomon.resolution.evidence.populations import NOT_COUNTED, asked_about, soonest
from gnomon.resolution.lenses import OPEN_AT
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding, Question, Recordwise, evidence

RESOLVE = "resolve"
TIMES = 5
CLOCK = ClockProjection._meta.db_table
RAN_OUT = f"{CLOCK}.state <> 'cancelled' AND ({CLOCK}.breached_at IS NOT NULL OR {CLOCK}.state = 'running')"
TRIGGER = f"COALESCE({CLOCK}.breached_at, {CLOCK}.late_after)"
BY_ITS_CLOCK = Recordwise("incident", reads=("service_level_agreement", "work_calendar"))


@evidence("8.6.1-c", _("Incidents whose time to resolve ran out were escalated"), recordwise=BY_ITS_CLOCK)
def late_incidents_are_escalated(question: Question) -> Finding:
    """The trigger of escalation is the moment when the resolution clock reached its whole target.

    A clock that still runs has passed it once the last moment in time lies in the past.
    """
    period, soon = question.period, question.until or question.as_of
    incidents = asked_about(question).filter(opened_at__lt=soon)
    incidents = incidents.filter(Q(resolved_at__isnull=True) | Q(resolved_at__gte=period.start))
    bounds = f"{RAN_OUT} AND {TRIGGER} >= {milliseconds(period.start)} AND {TRIGGER} < {milliseconds(soon)}"
    late = _with_clock(incidents, bounds, trigger_at=TRIGGER)
    rows = late.values_list("number", "opened_at", "resolved_at", "escalated_at", "trigger_at")
    population, failed, turns = list[str](), list[str](), dict[str, datetime]()
    back = question.as_of - period.start
    for number, opened_at, resolved_at, escalated_at, triggered in rows:
        trigger_at = moment(triggered)
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
    pins = {name: f"{CLOCK}.{name}" for name in ("target_seconds", "calendar_version", "sla_version", "sla")}
    open_now = OPEN_AT(asked_about(question), written(question.as_of))
    rows = _with_clock(open_now, f"{CLOCK}.target_seconds IS NOT NULL", **pins)
    rows = rows.annotate(opened=Cast("opened_at", BigIntegerField())).values_list("number", "opened", *pins)
    together: dict[tuple[Any, ...], list[tuple[str, int]]] = defaultdict(list)
    for number, opened, *pinned in rows:
        together[tuple(pinned)].append((number, opened))
    return [(*_allowance(*pinned), group) for pinned, group in together.items()]


def _with_clock(incidents: QuerySet[Any], where: str, **select: str) -> QuerySet[Any]:
    """Those that count, each beside the clock of its resolution, where that is so.

    A join, and no question for each: PostgreSQL reads either side as a whole when so many are asked about.
    """
    beside = f"{CLOCK}.number = {Incident._meta.db_table}.number AND {CLOCK}.name = '{RESOLVE}' AND {where}"
    counted = incidents.exclude(status__in=NOT_COUNTED)
    return counted.extra(tables=[CLOCK], where=[beside], select=select)  # noqa: S610 - our own names and numbers


def _allowance(
    target: int, calendar_version: int | None, sla_version: int | None, sla: str | None
) -> tuple[Calendar | None, int]:
    """The hours, None when nobody can tell them, and five times the target."""
    pins = Pins(sla=sla or None, sla_version=sla_version, calendar_version=calendar_version)
    untold = pins.calendar_version is None and agreed_facts(pins).get("calendar") is not None
    return None if untold else pinned_calendar(pins), TIMES * target
