"""A workflow is a table of states and moves; it holds no code and no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol, Self


class Says(Protocol):
    def __str__(self) -> str: ...


class Phase(StrEnum):
    """What a state means to clocks and measures, whatever it is called."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Fault(str):
    """What is wrong with a table: an English sentence that also tells its pattern and what stands in it."""

    template: str
    facts: Mapping[str, str]

    def __new__(cls, template: str, **facts: str) -> Self:
        fault = super().__new__(cls, template % facts)
        fault.template, fault.facts = template, facts
        return fault


@dataclass(frozen=True, slots=True)
class State:
    """What is true of a record now: a participle."""

    name: str
    phase: Phase
    title: Says


@dataclass(frozen=True, slots=True)
class Move:
    """A step that people take: from any of `starts` to `end`, once the facts it `needs` are given.

    `who` are the roles that may; `asks` are facts it offers to fill without insisting. `or_ends` are states
    where it leads instead by what is known of the record, as a move does that takes another one back.
    """

    name: str
    starts: tuple[str, ...]
    end: str
    title: Says
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    clause: str = ""
    because: bool = False
    or_ends: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[str, ...]:
        """Every state where it may lead."""
        return (self.end, *self.or_ends)


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states of a kind of record, the first being where it starts, and the moves between them."""

    name: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    version: int = 1

    @property
    def initial(self) -> State:
        return self.states[0]

    def state(self, name: str) -> State:
        """The state called `name`; LookupError when the workflow has none."""
        for state in self.states:
            if state.name == name:
                return state
        raise LookupError(f"{self.name} has no state {name}.")

    def move(self, name: str) -> Move:
        """The move called `name`; LookupError when the workflow has none."""
        for move in self.moves:
            if move.name == name:
                return move
        raise LookupError(f"{self.name} has no move {name}.")

    def phase(self, status: str) -> Phase:
        return self.state(status).phase

    def within(self, *phases: Phase) -> tuple[str, ...]:
        """Names of the states in these phases."""
        return tuple(state.name for state in self.states if state.phase in phases)

    def moves_from(self, status: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if status in move.starts)

    def allows(self, start: str, end: str) -> bool:
        """Whether some move leads from `start` to `end`; staying is no move."""
        return any(start in move.starts and end in move.ends for move in self.moves)

    def faults(self) -> list[Fault]:
        """What is wrong with the table, in sentences; an empty list means it may be used."""
        if not self.states:
            return [Fault("A workflow needs at least one state.")]
        return self._misnamed() or self._astray()

    def _misnamed(self) -> list[Fault]:
        names, called = [state.name for state in self.states], [move.name for move in self.moves]
        found = [Fault("State %(name)s is declared twice.", name=name) for name in _twice(names)]
        found += [Fault("Move %(name)s is declared twice.", name=name) for name in _twice(called)]
        for move in self.moves:
            found += [
                Fault("Move %(name)s starts from %(state)s, which is no state.", name=move.name, state=start)
                for start in move.starts
                if start not in names
            ]
            found += [
                Fault("Move %(name)s ends in %(state)s, which is no state.", name=move.name, state=end)
                for end in move.ends
                if end not in names
            ]
            if not move.starts:
                found.append(Fault("Move %(name)s starts from nowhere.", name=move.name))
        return found

    def _astray(self) -> list[Fault]:
        names, reached = [state.name for state in self.states], self._reached_from(self.initial.name)
        found = [Fault("State %(name)s cannot be reached.", name=name) for name in names if name not in reached]
        closed = set(self.within(Phase.CLOSED))
        if not closed:
            found.append(Fault("A workflow needs a state in the phase closed."))
        return found + [
            Fault("State %(name)s is a dead end: nothing leads from it to a closed state.", name=name)
            for name in names
            if name in reached and closed and not closed & self._reached_from(name)
        ]

    def keeps(self, older: Workflow) -> list[Fault]:
        """What this version breaks of `older`: a state that is gone or has changed its phase."""
        mine = {state.name: state.phase for state in self.states}
        lost = [
            Fault("State %(name)s is gone; records may stand in it.", name=s.name)
            for s in older.states
            if s.name not in mine
        ]
        return lost + [
            Fault(
                "State %(name)s was %(before)s and would become %(after)s.",
                name=s.name,
                before=s.phase,
                after=mine[s.name],
            )
            for s in older.states
            if s.name in mine and mine[s.name] is not s.phase
        ]

    def _reached_from(self, start: str) -> set[str]:
        reached, frontier = {start}, [start]
        while frontier:
            here = frontier.pop()
            for move in self.moves_from(here):
                news = set(move.ends) - reached
                reached |= news
                frontier += news
        return reached


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _title_only(title: Says) -> dict[str, str]:
    return {"title": str(title)}


def as_table(workflow: Workflow, words: Callable[[Says], Mapping[str, str]] = _title_only) -> dict[str, Any]:
    """The workflow as plain data, for storing and for export; `words` answers title and title_zh of a text."""
    return {
        "name": workflow.name,
        "version": workflow.version,
        "states": [{"name": s.name, "phase": str(s.phase), **words(s.title)} for s in workflow.states],
        "moves": [
            {
                "name": m.name, "starts": list(m.starts), "end": m.end, **words(m.title),
                "needs": list(m.needs), "asks": list(m.asks), "who": list(m.who),
                "clause": m.clause, "because": m.because, **({"or_ends": list(m.or_ends)} if m.or_ends else {}),
            }
            for m in workflow.moves
        ],
    }  # fmt: skip


def _english(title: str, _chinese: str) -> Says:
    return title


def from_table(table: Mapping[str, Any], says: Callable[[str, str], Says] = _english) -> Workflow:
    """A workflow from plain data; KeyError or ValueError when a part is missing or unknown.

    `says` makes a text of the English and the Chinese title.
    """
    return Workflow(
        name=table["name"],
        version=int(table["version"]),
        states=tuple(State(s["name"], Phase(s["phase"]), _said(s, says)) for s in table["states"]),
        moves=tuple(_move(m, says) for m in table["moves"]),
    )


def _said(row: Mapping[str, Any], says: Callable[[str, str], Says]) -> Says:
    return says(row["title"], row.get("title_zh", ""))


def _move(row: Mapping[str, Any], says: Callable[[str, str], Says]) -> Move:
    return Move(
        name=row["name"], starts=tuple(row["starts"]), end=row["end"], title=_said(row, says),
        needs=tuple(row.get("needs", ())), asks=tuple(row.get("asks", ())), who=tuple(row.get("who", ())),
        clause=row.get("clause", ""), because=bool(row.get("because", False)),
        or_ends=tuple(row.get("or_ends", ())),
    )  # fmt: skip


def deviations(workflow: Workflow, path: Sequence[str]) -> list[tuple[int, str, str]]:
    """Steps of a lived path that no move allows: (position, from, to)."""
    return [(at, a, b) for at, (a, b) in enumerate(pairwise(path), 1) if a != b and not workflow.allows(a, b)]
