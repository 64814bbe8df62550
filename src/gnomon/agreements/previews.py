"""What a change of an agreement or of service hours would do to open clocks; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gnomon.agreements.clock.derive import derive_final
from gnomon.agreements.clock.difference import Difference, difference
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clocks import histories_of
from gnomon.agreements.histories import Pins
from gnomon.agreements.models import ClockProjection, ServiceLevelAgreement
from gnomon.agreements.policies import DEFINITIONS, Measure, agreed_facts, policy_from, read_clock, remembering
from gnomon.calendars.calendar import ALWAYS, Calendar
from gnomon.organization.models import WorkCalendar
from gnomon.organization.queries.calendars import calendar_at
from gnomon.records.facts import fact
from gnomon.records.kinds import kind_named
from gnomon.records.queries import as_of_version

OPEN = ("running", "paused", "no_target")
After = Callable[[Pins, Measure], Policy | None]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One open clock that would show something else."""

    number: str
    clock: str
    difference: Difference


def preview(
    agreement: ServiceLevelAgreement, facts: Mapping[str, Any], *, now: datetime | None = None
) -> list[Foreseen]:
    """What the open clocks of an agreement would show if it said `facts` (field → value) and they obeyed that."""
    said = {
        **as_of_version(agreement.number, agreement.version),
        **{name: fact(value) for name, value in facts.items()},
    }
    calendar = _calendar_now(said.get("calendar"))

    def after(_pins: Pins, measure: Measure) -> Policy:
        return policy_from(said, measure, calendar, "")

    return _foreseen(ClockProjection.objects.filter(sla=agreement.number, state__in=OPEN), after, now)


def preview_hours(calendar: WorkCalendar, hours: Mapping[str, Any], *, now: datetime | None = None) -> list[Foreseen]:
    """What the open clocks that count in a calendar would show with other service hours."""
    changed = Calendar.from_definition(hours)
    agreements = [a.number for a in ServiceLevelAgreement.objects.filter(calendar=calendar)]

    def after(pins: Pins, measure: Measure) -> Policy | None:
        said = agreed_facts(pins)
        return policy_from(said, measure, changed, "") if said.get("calendar") == calendar.number else None

    return _foreseen(ClockProjection.objects.filter(sla__in=agreements, state__in=OPEN), after, now)


def _calendar_now(number: str | None) -> Calendar:
    if number is None:
        return ALWAYS
    return calendar_at(number, WorkCalendar.objects.values_list("version", flat=True).get(number=number))


def _foreseen(rows: Iterable[ClockProjection], after: After, now: datetime | None) -> list[Foreseen]:
    now = now or timezone.now()
    numbers: dict[str, list[str]] = defaultdict(list)
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.number].add(row.name)
        if row.number not in numbers[row.kind]:
            numbers[row.kind].append(row.number)
    policy = remembering()
    found = []
    for name, of_kind in numbers.items():
        records = kind_named(name).model.objects.filter(number__in=of_kind).order_by("pk")
        for number, history in histories_of(list(records)).items():
            for definition in DEFINITIONS:
                if definition.name not in wanted[number]:
                    continue
                before, pins = read_clock(definition, history, now, policy=policy, reading=derive_final)
                changed = after(pins, definition.measure)
                if changed is None:
                    continue
                would = difference(before, derive_final(definition, changed, history.happenings, now))
                if not would.is_empty:
                    found.append(Foreseen(number, definition.name, would))
    return found
