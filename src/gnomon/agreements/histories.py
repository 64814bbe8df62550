"""What the ledger tells a clock: happenings in world time, and which agreement was pinned when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.turns import Assignment
from gnomon.records.models import LedgerEntry
from gnomon.workflow.tables import Phase, Workflow

Fact = tuple[Any, Any]  # what it was, what it became


class Said(msgspec.Struct, frozen=True):
    """The facts of an entry that clocks heed; the rest is passed over unread."""

    status: Fact | None = None
    priority: Fact | None = None
    opened_at: Fact | None = None
    responded_at: Fact | None = None
    sla: Fact | None = None
    sla_version: Fact | None = None
    calendar_version: Fact | None = None
    team: Fact | None = None
    ola: Fact | None = None
    ola_version: Fact | None = None
    ola_calendar_version: Fact | None = None

    @property
    def pins(self) -> bool:
        return self.sla is not None or self.sla_version is not None or self.calendar_version is not None

    @property
    def pins_team(self) -> bool:
        return self.ola is not None or self.ola_version is not None or self.ola_calendar_version is not None


said_in = msgspec.json.Decoder(Said).decode


class Line(NamedTuple):
    """The part of a ledger entry that clocks read."""

    sequence: int
    verb: str
    actor: str
    happened_at: datetime
    said: Said
    because: str = ""


class Pins(NamedTuple):
    """The versions that a record obeys from one entry on."""

    at: datetime | None = None
    sla: str | None = None
    sla_version: int | None = None
    calendar_version: int | None = None


class History(NamedTuple):
    """All that clocks need to know of one record; `until` and `entry` are the last of what they heed."""

    happenings: list[Happening]
    pins: list[Pins]
    until: datetime
    entry: int
    assignments: Sequence[Assignment] = ()
    has_internal: bool = False  # an internal agreement was pinned at some time


def line_of(entry: LedgerEntry) -> Line:
    return Line(entry.sequence, entry.verb, entry.actor, entry.happened_at, said_in(entry.facts), entry.because)


def phases_of(workflow: Workflow) -> dict[str, Phase]:
    return {state.name: state.phase for state in workflow.states}


def read(lines: Iterable[Line], phases: Mapping[str, Phase]) -> History:
    """What happened to one record, from its ledger in the order in which it was told.

    Clocks begin when the record says that it opened, else when it was recorded, and know nothing earlier.
    Whoever tells later knows better: a move said to have happened before moves told already replaces them,
    so that the last state is always the one that the record is in. Priorities likewise.
    """
    heard = _Heard()
    for line in lines:
        heard.listen(line)
    happenings = list(heard.happenings(phases))
    last = max(h.entry for h in happenings)
    start = happenings[0].at
    assigned = [one if one.at >= start else one._replace(at=start) for one in heard.assigned]
    return History(happenings, heard.pins, happenings[-1].at, last, assigned, heard.has_internal)


class _Event:
    """What one entry says of one moment; `status` and `priority` are unset once somebody knew better."""

    __slots__ = ("at", "line", "priority", "responded", "sequence", "status")

    def __init__(self, at: datetime, line: Line) -> None:
        self.at = at
        self.sequence = line.sequence
        self.line = line
        self.status: str | None = None
        self.priority: Fact | None = None
        self.responded = False


class _Heard:
    """What clocks keep of the entries they were told."""

    def __init__(self) -> None:
        self.events: list[_Event] = []
        self.moves: list[_Event] = []
        self.priorities: list[_Event] = []
        self.pins: list[Pins] = []
        self.assigned: list[Assignment] = []
        self.has_internal = False
        self.opened: datetime | None = None
        self.responded: _Event | None = None

    def listen(self, line: Line) -> None:
        said = line.said
        event = _Event(line.happened_at, line)
        if said.status is not None and self._takes_back(line, said.status):
            return
        if said.status is not None:
            # The first entry made the record; nothing told later undoes that.
            while len(self.moves) > 1 and self.moves[-1].at > event.at:
                self.moves.pop().status = None
            event.status = said.status[1]
            self.moves.append(event)
        if said.priority is not None:
            while self.priorities and self.priorities[-1].at > event.at:
                self.priorities.pop().priority = None
            event.priority = said.priority
            self.priorities.append(event)
        if said.status is not None or said.priority is not None:
            self.events.append(event)
        if said.opened_at is not None and said.opened_at[1]:
            self.opened = datetime.fromisoformat(said.opened_at[1])
        if said.responded_at is not None:
            moment = said.responded_at[1]
            self.responded = _Event(datetime.fromisoformat(moment), line) if moment else None
        if said.pins:
            self.pins.append(_pinned(self.pins[-1] if self.pins else Pins(), line))
        if said.team is not None or said.pins_team:
            self._assign(line)

    def _takes_back(self, line: Line, status: Fact) -> bool:
        """Whether this un-merge leaves the record as it was: then it was never merged, and its time ran on."""
        last = self.moves[-1] if self.moves else None
        if last is None or not (line.verb.endswith(":unmerge") and last.line.verb.endswith(":merge")):
            return False
        if last.line.said.status is None or last.line.said.status[0] != status[1]:
            return False
        self.moves.pop().status = None
        return True

    def _assign(self, line: Line) -> None:
        """Whose turn it is now; terms that open records were let obey aim the present turn anew."""
        if line.said.team is not None:
            while len(self.assigned) > 1 and self.assigned[-1].at > line.happened_at:
                self.assigned.pop()
            self.assigned.append(_assigned(self.assigned[-1] if self.assigned else None, line))
        elif self.assigned:
            self.assigned[-1] = _pinned_anew(self.assigned[-1], line.said)
        if self.assigned and self.assigned[-1].agreement is not None:
            self.has_internal = True

    def happenings(self, phases: Mapping[str, Phase]) -> Iterator[Happening]:
        """In world time, each with what was before it."""
        status, priority = "", None
        phase: Phase | None = None
        for event in self._in_world_order():
            was, before = status, phase
            if event.status is not None:
                status = event.status
                phase = phases.get(status, Phase.OPEN)
            if event.priority is not None:
                priority = event.priority[1]
            line = event.line
            names = _names(line.verb if event.status is not None else "", event.responded)
            place = (before, phase or Phase.OPEN, was, status)
            yield Happening(event.at, event.sequence, *place, priority, names, line.actor, line.because)

    def _in_world_order(self) -> list[_Event]:
        born, *later = (event for event in self.events if event.status is not None or event.priority is not None)
        start = self.opened or born.at
        born.at = start
        for event in later:
            event.at = max(event.at, start)
        if self.responded is not None:
            # The moment counts, not the entry that told of it; one entry may tell both at one moment.
            moment = max(self.responded.at, start)
            same = (e for e in self.events if e.line is self.responded.line and e.at == moment)
            event = next(same, self.responded)
            event.at, event.responded = moment, True
            if event is self.responded:
                later.append(event)
        later.sort(key=_world_order)
        return [born, *later]


_world_order = attrgetter("at", "sequence")


def _pinned(before: Pins, line: Line) -> Pins:
    said = line.said
    return Pins(
        line.happened_at,
        before.sla if said.sla is None else said.sla[1],
        before.sla_version if said.sla_version is None else said.sla_version[1],
        before.calendar_version if said.calendar_version is None else said.calendar_version[1],
    )


def _assigned(before: Assignment | None, line: Line) -> Assignment:
    """The assignment that an entry tells of; an agreement that it does not speak of is still the one before."""
    said = line.said
    assert said.team is not None
    known = before or Assignment(line.happened_at, line.sequence, None)
    given = known._replace(
        at=line.happened_at, entry=line.sequence, team=said.team[1], actor=line.actor, cause=line.because
    )  # fmt: skip
    return _pinned_anew(given, said)


def _pinned_anew(given: Assignment, said: Said) -> Assignment:
    return given._replace(
        agreement=given.agreement if said.ola is None else said.ola[1],
        agreement_version=given.agreement_version if said.ola_version is None else said.ola_version[1],
        calendar_version=given.calendar_version if said.ola_calendar_version is None else said.ola_calendar_version[1],
    )


@lru_cache(maxsize=1024)
def _names(verb: str, responded: bool) -> frozenset[str]:
    names = {verb.rpartition(":")[2]} if verb else set()
    return frozenset(names | {"responded"} if responded else names)
