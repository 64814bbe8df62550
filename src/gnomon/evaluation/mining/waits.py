"""What the time between two entries went into: work, waiting and for whom, handing over, confirmation.

The life of a record is cut where the cause changes, and of what is not closed the last stretch lasts until now. The
cause follows from what the record held then: the phase of its status, the reason of its waiting, and whether it had
just been handed to another team and nobody there had said or done anything yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnomon.calendars.calendar import Calendar
from gnomon.evaluation.mining.events import Truth, Whole, in_order
from gnomon.evaluation.mining.reading import NOTHING, UNCHANGED, Events, Texts
from gnomon.evaluation.mining.spreads import Spread, spread_at, spreads
from gnomon.workflow.tables import Phase, State

UNSTARTED, WORK, HANDOVER, CONFIRMATION, CLOSED, UNKNOWN = (
    "unstarted", "work", "handover", "confirmation", "closed", "unknown",
)  # fmt: skip
WAITING = "waiting:"


@dataclass(frozen=True, eq=False)
class Stretches:
    """Lengths of time, each with its record, its cause and the team that held it, as places in their names."""

    case: Whole
    cause: Whole
    team: Whole
    handed: Truth
    start: Whole
    end: Whole
    causes: tuple[str, ...]
    teams: tuple[str, ...]

    def of(self, cause: str) -> Whole:
        """The records that had a stretch of this cause."""
        at = self.causes.index(cause) if cause in self.causes else -1
        return np.unique(self.case[self.cause == at])

    def taken_over_by(self, team: str) -> Whole:
        """The records that were handed to a team."""
        at = self.teams.index(team) if team in self.teams else -1
        return np.unique(self.case[self.handed & (self.team == at)])

    def lengths(self, hours: Calendar | None = None) -> Whole:
        """Milliseconds of each, within service hours where a calendar is given."""
        if hours is None:
            return self.end - self.start
        within: Whole = hours.between_columns(self.start, self.end) * 1000
        return within


@dataclass(frozen=True, slots=True)
class Cause:
    """Where time went: in how many records, how often, how much in all."""

    name: str
    cases: int
    time: Spread


def stretches(events: Events, texts: Texts, states: Sequence[State], initial: str, now: int) -> Stretches:
    """All stretches of some events; `states` tell the phase of each status."""
    events = ordered(events)
    case, size = events["case"].astype(np.int64), len(events)
    first = np.concatenate(([True], case[1:] != case[:-1])) if size else np.zeros(0, np.bool_)
    status, team, reason = (_carried(events[name], first) for name in ("status", "team", "reason"))
    handed = _handed(events, first, team, texts)
    cause, causes = _causes(status, reason, handed, texts, states, initial)
    # Entries that change nothing of this do not cut a stretch in two.
    turns = first | handed | (cause != _before(cause))
    case, cause, team, handed, start = (part[turns] for part in (case, cause, team, handed, events["at"]))
    end, last = _ends(case, start, now)
    keep = (status[turns] != UNCHANGED) & ~(last & (cause == causes.index(CLOSED)))
    return Stretches(
        case[keep], cause[keep], team[keep], handed[keep], start[keep], end[keep], causes, tuple(texts.of("team"))
    )


def _handed(events: Events, first: Truth, team: Whole, texts: Texts) -> Truth:
    """For each event, whether it hands its record from one team to another."""
    none = texts.known["team"].get(NOTHING, UNCHANGED)
    before = _before(team)
    between = (before != UNCHANGED) & (before != none) & (team != none)
    handed: Truth = ~first & (events["team"] != UNCHANGED) & (team != before) & between
    return handed


def _before(column: Whole) -> Whole:
    """What stood in the row before; UNCHANGED before the first."""
    return np.concatenate(([UNCHANGED], column[:-1])) if len(column) else column


def _ends(case: Whole, start: Whole, now: int) -> tuple[Whole, Truth]:
    """Where each stretch ends: where the next of its record begins, and the last of it now."""
    if not len(case):
        return start, np.zeros(0, np.bool_)
    last = np.append(case[1:] != case[:-1], True)
    return np.where(last, np.maximum(now, start), np.append(start[1:], 0)), last


def ordered(events: Events) -> Events:
    """Events by record and time; of one moment, as they were told."""
    order = in_order(events["case"].astype(np.int64), events["at"])
    return events if order is None else events[order]


def by_cause(found: Stretches, hours: Calendar | None = None) -> list[Cause]:
    """Where time went, most of it first; closed time is nobody's."""
    spread = spreads(found.cause, found.lengths(hours), len(found.causes))
    some = [
        Cause(name, len(found.of(name)), spread_at(spread, at))
        for at, name in enumerate(found.causes)
        if name != CLOSED and spread.count[at]
    ]
    return sorted(some, key=lambda one: (-one.time.total, one.name))


def by_team(found: Stretches, hours: Calendar | None = None) -> list[Cause]:
    """How long what was handed to a team lay there until somebody did anything, the longest in all first."""
    lengths, teams = found.lengths(hours)[found.handed], found.team[found.handed]
    spread = spreads(teams, lengths, len(found.teams))
    some = [
        Cause(name, len(found.taken_over_by(name)), spread_at(spread, at))
        for at, name in enumerate(found.teams)
        if spread.count[at]
    ]
    return sorted(some, key=lambda one: (-one.time.total, one.name))


def _carried(column: Any, first: Truth) -> Whole:
    """What holds after each event: what it set, else what its record held before."""
    places = np.arange(len(column))
    set_at = np.where((column != UNCHANGED) | first, places, 0)
    carried: Whole = column[np.maximum.accumulate(set_at)].astype(np.int64) if len(column) else column.astype(np.int64)
    return carried


def _causes(
    status: Whole, reason: Whole, handed: Truth, texts: Texts, states: Sequence[State], initial: str
) -> tuple[Whole, tuple[str, ...]]:
    """The cause of each stretch, as a place among the names of causes."""
    reasons = [*texts.of("reason"), NOTHING]
    plain = (UNSTARTED, WORK, HANDOVER, CONFIRMATION, CLOSED, UNKNOWN)
    causes = (*plain, *dict.fromkeys(f"{WAITING}{name}" for name in reasons))
    place = {name: at for at, name in enumerate(causes)}
    phases = {state.name: state.phase for state in states}
    of_status = np.array([place[_plain(name, phases, initial)] for name in texts.of("status")] or [0])
    waits = np.array([phases.get(name) is Phase.WAITING for name in texts.of("status")] or [False])
    of_reason = np.array([place[f"{WAITING}{name}"] for name in reasons])
    cause = np.where(waits[status], of_reason[reason], of_status[status])
    moved_on = handed & np.isin(cause, (place[WORK], place[UNSTARTED]))
    return np.where(moved_on, place[HANDOVER], cause), causes


def _plain(status: str, phases: Mapping[str, Phase], initial: str) -> str:
    phase = phases.get(status)
    if phase is None:
        return UNKNOWN
    if phase is Phase.OPEN:
        return UNSTARTED if status == initial else WORK
    return {Phase.RESOLVED: CONFIRMATION, Phase.CLOSED: CLOSED, Phase.WAITING: WORK}[phase]
