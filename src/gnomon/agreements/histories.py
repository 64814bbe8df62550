"""What the ledger tells a clock: happenings in world time, and which agreement was pinned when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from gnomon.agreements.clock.happenings import Happening
from gnomon.records.models import LedgerEntry
from gnomon.workflow.tables import Phase, Workflow

PINNED = frozenset({"sla", "sla_version", "calendar_version"})


class Line(NamedTuple):
    """The part of a ledger entry that clocks read."""

    sequence: int
    verb: str
    actor: str
    happened_at: datetime
    changes: Mapping[str, Any]
    because: str


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


class _Told(NamedTuple):
    at: datetime
    value: Any
    line: Line


def line_of(entry: LedgerEntry) -> Line:
    facts = msgspec.json.decode(entry.facts)
    return Line(entry.sequence, entry.verb, entry.actor, entry.happened_at, facts, entry.because)


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
    happenings = list(_happenings(heard, phases))
    return History(happenings, heard.pins, happenings[-1].at, max(h.entry for h in happenings))


@dataclass(slots=True)
class _Heard:
    """What clocks keep of the entries they were told."""

    moves: list[_Told] = field(default_factory=list)
    priorities: list[_Told] = field(default_factory=list)
    pins: list[Pins] = field(default_factory=list)
    opened: datetime | None = None
    responded: _Told | None = None

    def listen(self, line: Line) -> None:
        changes = line.changes
        if "status" in changes:
            _tell(self.moves, _Told(line.happened_at, changes["status"][1], line), keep=1)
        if "priority" in changes:
            _tell(self.priorities, _Told(line.happened_at, changes["priority"][1], line), keep=0)
        if "opened_at" in changes and changes["opened_at"][1]:
            self.opened = datetime.fromisoformat(changes["opened_at"][1])
        if "responded_at" in changes:
            said = changes["responded_at"][1]
            self.responded = _Told(datetime.fromisoformat(said), None, line) if said else None
        if not PINNED.isdisjoint(changes):
            new = {name: changes[name][1] for name in PINNED if name in changes}
            self.pins.append((self.pins[-1] if self.pins else Pins())._replace(at=line.happened_at, **new))


def _tell(known: list[_Told], told: _Told, keep: int) -> None:
    while len(known) > keep and known[-1].at > told.at:
        known.pop()
    known.append(told)


@dataclass(slots=True)
class _Moment:
    """What one entry says of one moment; empty where it says nothing."""

    line: Line
    status: str = ""
    priority: int | None = None
    sets_priority: bool = False
    names: set[str] = field(default_factory=set)


def _happenings(heard: _Heard, phases: Mapping[str, Phase]) -> Iterator[Happening]:
    born = heard.moves[0].line
    start = heard.opened or born.happened_at
    moments: dict[tuple[datetime, int], _Moment] = {}

    def moment(told: _Told) -> _Moment:
        at = start if told.line is born and told is not heard.responded else max(told.at, start)
        return moments.setdefault((at, told.line.sequence), _Moment(told.line))

    for told in heard.moves:
        here = moment(told)
        here.status = told.value
        here.names.add(told.line.verb.rpartition(":")[2])
    for told in heard.priorities:
        here = moment(told)
        here.priority, here.sets_priority = told.value, True
    if heard.responded is not None:
        moment(heard.responded).names.add("responded")

    status, priority = "", None
    phase: Phase | None = None
    for (at, sequence), here in sorted(moments.items(), key=itemgetter(0)):
        was, before = status, phase
        status = here.status or status
        phase = phases.get(status, Phase.OPEN)
        priority = here.priority if here.sets_priority else priority
        line = here.line
        yield Happening(
            at, sequence, before, phase, was, status, priority, frozenset(here.names), line.actor, line.because
        )  # fmt: skip
