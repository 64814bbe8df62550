"""A workflow is a table of states and moves; it holds no code and no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol


class Says(Protocol):
    def __str__(self) -> str: ...


class Phase(StrEnum):
    """What a state means to clocks and measures, whatever it is called."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class State:
    """What is true of a record now: a participle."""

    name: str
    phase: Phase
    title: Says


@dataclass(frozen=True, slots=True)
class Move:
    """A step that people take: from any of `starts` to `end`, once the facts it `needs` are given.

    `who` are the roles that may; `asks` are facts it offers to fill without insisting.
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
        return any(start in move.starts and move.end == end for move in self.moves)

    def faults(self) -> list[str]:
        """What is wrong with the table, in sentences; an empty list means it may be used."""
        names = [state.name for state in self.states]
        found = [f"State {name} is declared twice." for name in sorted({n for n in names if names.count(n) > 1})]
        called = [move.name for move in self.moves]
        found += [f"Move {name} is declared twice." for name in sorted({n for n in called if called.count(n) > 1})]
        for move in self.moves:
            found += [f"Move {move.name} starts from {s}, which is no state." for s in move.starts if s not in names]
            if move.end not in names:
                found.append(f"Move {move.name} ends in {move.end}, which is no state.")
            if not move.starts:
                found.append(f"Move {move.name} starts from nowhere.")
        if not self.states:
            return ["A workflow needs at least one state."]
        if found:
            return found
        reached = self._reached_from(self.initial.name)
        found += [f"State {name} cannot be reached." for name in names if name not in reached]
        closed = set(self.within(Phase.CLOSED))
        if not closed:
            found.append("A workflow needs a state in the phase closed.")
        found += [
            f"State {name} is a dead end: nothing leads from it to a closed state."
            for name in names
            if name in reached and closed and not closed & self._reached_from(name)
        ]
        return found

    def keeps(self, older: Workflow) -> list[str]:
        """What this version breaks of `older`: a state that is gone or has changed its phase."""
        mine = {state.name: state.phase for state in self.states}
        lost = [f"State {s.name} is gone; records may stand in it." for s in older.states if s.name not in mine]
        return lost + [
            f"State {s.name} was {s.phase} and would become {mine[s.name]}."
            for s in older.states
            if s.name in mine and mine[s.name] is not s.phase
        ]

    def _reached_from(self, start: str) -> set[str]:
        reached, frontier = {start}, [start]
        while frontier:
            here = frontier.pop()
            for move in self.moves_from(here):
                if move.end not in reached:
                    reached.add(move.end)
                    frontier.append(move.end)
        return reached


def as_table(workflow: Workflow) -> dict[str, Any]:
    """The workflow as plain data, for storing and for export."""
    return {
        "name": workflow.name,
        "version": workflow.version,
        "states": [{"name": s.name, "phase": str(s.phase), "title": str(s.title)} for s in workflow.states],
        "moves": [
            {
                "name": m.name, "starts": list(m.starts), "end": m.end, "title": str(m.title),
                "needs": list(m.needs), "asks": list(m.asks), "who": list(m.who),
                "clause": m.clause, "because": m.because,
            }
            for m in workflow.moves
        ],
    }  # fmt: skip


def from_table(table: Mapping[str, Any]) -> Workflow:
    """A workflow from plain data; KeyError or ValueError when a part is missing or unknown."""
    return Workflow(
        name=table["name"],
        version=int(table["version"]),
        states=tuple(State(s["name"], Phase(s["phase"]), s["title"]) for s in table["states"]),
        moves=tuple(_move(m) for m in table["moves"]),
    )


def _move(row: Mapping[str, Any]) -> Move:
    return Move(
        name=row["name"], starts=tuple(row["starts"]), end=row["end"], title=row["title"],
        needs=tuple(row.get("needs", ())), asks=tuple(row.get("asks", ())), who=tuple(row.get("who", ())),
        clause=row.get("clause", ""), because=bool(row.get("because", False)),
    )  # fmt: skip


def deviations(workflow: Workflow, path: Sequence[str]) -> list[tuple[int, str, str]]:
    """Steps of a lived path that no move allows: (position, from, to)."""
    return [(at, a, b) for at, (a, b) in enumerate(pairwise(path), 1) if a != b and not workflow.allows(a, b)]
