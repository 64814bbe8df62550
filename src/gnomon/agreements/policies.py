"""What clocks are held to: an agreement and its calendar, at the versions that a record is pinned to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from gnomon.agreements.clock.definitions import RESOLVE, RESPOND, ClockDefinition
from gnomon.agreements.clock.derive import derive
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clock.readings import Clock
from gnomon.agreements.histories import History, Pins
from gnomon.calendars.calendar import ALWAYS, Calendar
from gnomon.organization.queries.calendars import calendar_at
from gnomon.records.memory import Memory
from gnomon.records.queries import as_of_version

DEFINITIONS: tuple[ClockDefinition, ...] = (RESPOND, RESOLVE)
Measure = Literal["respond", "resolve"]
PolicyOf = Callable[[Pins, Measure], Policy]
_made: Memory[tuple[Any, ...], tuple[Mapping[str, Any], Policy]] = Memory(most=256)


def agreed_facts(pins: Pins) -> Mapping[str, Any]:
    """What the agreement says at the pinned version; nothing when none is pinned."""
    if pins.sla is None or pins.sla_version is None:
        return {}
    return as_of_version(pins.sla, pins.sla_version)


def pinned_calendar(pins: Pins) -> Calendar:
    """The service hours at the pinned version."""
    number = agreed_facts(pins).get("calendar")
    if number is None or pins.calendar_version is None:
        return ALWAYS
    return calendar_at(number, pins.calendar_version)


def policy_from(facts: Mapping[str, Any], measure: Measure, calendar: Calendar, version: str) -> Policy:
    """The policy of one clock out of what an agreement says."""
    targets: dict[int | None, int | None] = {}
    for row in facts.get("targets") or ():
        minutes = row.get(f"{measure}_minutes")
        targets[row["priority"]] = None if minutes is None else max(1, round(minutes * 60))
    return Policy(
        version=version,
        calendar=calendar,
        targets=targets,
        thresholds=tuple(sorted(set(facts.get("thresholds") or ()))),
        pauses=bool(facts.get(f"waiting_pauses_{measure}", measure == "resolve")),
    )


def policy_of(pins: Pins, measure: Measure) -> Policy:
    """The policy of one clock at the pinned versions; without an agreement it has no target."""
    facts = agreed_facts(pins)
    key = (*pins[1:], measure)
    known = _made.get(key)
    # Facts that are remembered are the very same for as long as they cannot change.
    if known is not None and known[0] is facts:
        return known[1]
    version = f"{pins.sla}/{pins.sla_version} {pins.calendar_version or ''}".strip() if pins.sla else ""
    made = policy_from(facts, measure, pinned_calendar(pins), version)
    _made.put(key, (facts, made))
    return made


def remembering() -> PolicyOf:
    """`policy_of` that builds each policy once, for as long as one piece of bulk work lasts."""
    known: dict[tuple[Any, ...], Policy] = {}

    def policy(pins: Pins, measure: Measure) -> Policy:
        key = (*pins[1:], measure)
        if key not in known:
            known[key] = policy_of(pins, measure)
        return known[key]

    return policy


def read_clock(
    definition: ClockDefinition,
    history: History,
    now: datetime,
    *,
    policy: PolicyOf = policy_of,
    reading: Callable[..., Clock] = derive,
) -> tuple[Clock, Pins]:
    """One clock of a record at `now`, and the versions that it was read with.

    A clock that had stopped before the record was pinned anew keeps the versions it stopped with:
    a verdict is never given again by another agreement.
    """
    pinned = history.pins or [Pins()]
    for position in range(len(pinned) - 1, -1, -1):
        pins = pinned[position]
        clock = reading(definition, policy(pins, definition.measure), history.happenings, now)
        had_stopped = clock.stopped_at is not None and pins.at is not None and clock.stopped_at <= pins.at
        if not (position and had_stopped):
            break
    return clock, pins
