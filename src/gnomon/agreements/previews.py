"""What a change of an agreement or of service hours would do to open clocks; nothing is written.

Clocks are read in batches of AT_ONCE records, each batch with three queries whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from gnomon.agreements.clock.definitions import TEAM
from gnomon.agreements.clock.derive import derive_final
from gnomon.agreements.clock.difference import Difference, difference
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clocks import AT_ONCE, histories_of
from gnomon.agreements.histories import History, Pins
from gnomon.agreements.models import ClockProjection, OperationalLevelAgreement, ServiceLevelAgreement, TeamClock
from gnomon.agreements.policies import (
    DEFINITIONS,
    Measure,
    PolicyOf,
    agreed_facts,
    policy_from,
    read_clock,
    remembering,
)
from gnomon.agreements.team_clocks import pins_of, turns_of
from gnomon.calendars.calendar import ALWAYS, Calendar
from gnomon.organization.models import WorkCalendar
from gnomon.organization.queries.calendars import calendar_at
from gnomon.records.facts import fact
from gnomon.records.kinds import kind_named
from gnomon.records.queries import as_of_version

OPEN = ("running", "paused", "no_target")
After = Callable[[Pins, Measure], Policy | None]
Agreement = ServiceLevelAgreement | OperationalLevelAgreement


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One open clock that would show something else; `clock` is team/2 for the second turn of a team."""

    number: str
    clock: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Summary:
    """What a change would do to open clocks as a whole."""

    looked_at: int
    changed: int
    earlier: int
    later: int
    breach: int
    saved: int
    gains: int
    loses: int
    most: timedelta


class Outlook(NamedTuple):
    """How many open clocks were looked at, and those that would show something else."""

    looked_at: int
    foreseen: list[Foreseen]

    @property
    def summary(self) -> Summary:
        moves = [one.difference.due_moves_by for one in self.foreseen if one.difference.due_moves_by]
        differences = [one.difference for one in self.foreseen]
        return Summary(
            looked_at=self.looked_at, changed=len(self.foreseen),
            earlier=sum(move < timedelta() for move in moves), later=sum(move > timedelta() for move in moves),
            breach=sum(one.would_breach for one in differences), saved=sum(one.would_be_saved for one in differences),
            gains=sum(one.gains_target for one in differences), loses=sum(one.loses_target for one in differences),
            most=max(map(abs, moves), default=timedelta()),
        )  # fmt: skip


def preview(agreement: Agreement, facts: Mapping[str, Any], *, now: datetime | None = None) -> list[Foreseen]:
    """What the open clocks of an agreement would show if it said `facts` (field → value) and they obeyed that."""
    return outlook(agreement, facts, now=now).foreseen


def outlook(agreement: Agreement, facts: Mapping[str, Any], *, now: datetime | None = None) -> Outlook:
    """The same with how many clocks were looked at; the agreement may be with a customer or with a team."""
    said = {
        **as_of_version(agreement.number, agreement.version),
        **{name: fact(value) for name, value in facts.items()},
    }
    calendar = _calendar_now(said.get("calendar"))

    def after(_pins: Pins, measure: Measure) -> Policy:
        return policy_from(said, measure, calendar, "")

    if isinstance(agreement, OperationalLevelAgreement):
        return _turns(TeamClock.objects.filter(ola=agreement.number, state__in=OPEN), after, now)
    return _clocks(ClockProjection.objects.filter(sla=agreement.number, state__in=OPEN), after, now)


def preview_hours(calendar: WorkCalendar, hours: Mapping[str, Any], *, now: datetime | None = None) -> list[Foreseen]:
    """What the open clocks that count in a calendar would show with other service hours."""
    return outlook_of_hours(calendar, hours, now=now).foreseen


def outlook_of_hours(calendar: WorkCalendar, hours: Mapping[str, Any], *, now: datetime | None = None) -> Outlook:
    """The same with how many clocks were looked at: those of customers and those of teams."""
    changed = Calendar.from_definition(hours)

    def after(pins: Pins, measure: Measure) -> Policy | None:
        said = agreed_facts(pins)
        return policy_from(said, measure, changed, "") if said.get("calendar") == calendar.number else None

    slas = _numbers(ServiceLevelAgreement.objects.filter(calendar=calendar))
    olas = _numbers(OperationalLevelAgreement.objects.filter(calendar=calendar))
    customers = _clocks(ClockProjection.objects.filter(sla__in=slas, state__in=OPEN), after, now)
    teams = _turns(TeamClock.objects.filter(ola__in=olas, state__in=OPEN), after, now)
    return Outlook(customers.looked_at + teams.looked_at, [*customers.foreseen, *teams.foreseen])


def _numbers(agreements: QuerySet[Any]) -> list[str]:
    return list(agreements.values_list("number", flat=True))


def _calendar_now(number: str | None) -> Calendar:
    if number is None:
        return ALWAYS
    return calendar_at(number, WorkCalendar.objects.values_list("version", flat=True).get(number=number))


def _clocks(rows: QuerySet[ClockProjection], after: After, now: datetime | None) -> Outlook:
    now, policy = now or timezone.now(), remembering()
    looked_at, found = 0, []
    for wanted, _records, histories in batches(rows.values_list("kind", "number", "name")):
        for number, history in histories.items():
            for definition in DEFINITIONS:
                if definition.name not in wanted[number]:
                    continue
                looked_at += 1
                before, pins = read_clock(definition, history, now, policy=policy, reading=derive_final)
                changed = after(pins, definition.measure)
                if changed is not None:
                    would = difference(before, derive_final(definition, changed, history.happenings, now))
                    found += [Foreseen(number, definition.name, would)] if not would.is_empty else []
    return Outlook(looked_at, found)


def _turns(rows: QuerySet[TeamClock], after: After, now: datetime | None) -> Outlook:
    now, policy = now or timezone.now(), remembering()
    looked_at, found = 0, []
    for wanted, _records, histories in batches(rows.values_list("kind", "number", "nth")):
        for number, history in histories.items():
            foreseen = list(_turns_of(number, history, wanted[number], after, policy, now))
            looked_at += len(wanted[number])
            found += [one for one in foreseen if not one.difference.is_empty]
    return Outlook(looked_at, found)


def _turns_of(
    number: str, history: History, wanted: set[Any], after: After, policy: PolicyOf, now: datetime
) -> Iterator[Foreseen]:  # fmt: skip
    for turn in turns_of(history):
        pins = pins_of(turn.assignment)
        changed = after(pins, TEAM.measure)
        if turn.nth in wanted and changed is not None:
            before = derive_final(TEAM, policy(pins, TEAM.measure), turn.happenings, now)
            would = difference(before, derive_final(TEAM, changed, turn.happenings, now))
            yield Foreseen(number, f"{TEAM.name}/{turn.nth}", would)


Batch = tuple[dict[str, set[Any]], list[Any], dict[str, History]]


def batches(rows: Iterable[tuple[str, str, Any]]) -> Iterator[Batch]:
    """The wanted clocks of each record, the records, and what their ledger tells, some thousands at a time."""
    ordered = sorted(rows)
    for name, of_kind in groupby(ordered, key=lambda row: row[0]):
        wanted: dict[str, set[Any]] = {}
        for _kind, number, clock in of_kind:
            wanted.setdefault(number, set()).add(clock)
        numbers = list(wanted)
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            records = list(kind_named(name).model.objects.filter(number__in=some).order_by("pk"))
            yield wanted, records, histories_of(records)
