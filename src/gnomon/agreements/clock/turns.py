"""The turns of teams: each assignment is a clock of its own, with its own start (8.3.4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from gnomon.agreements.clock.happenings import Happening
from gnomon.workflow.tables import Phase


class Assignment(NamedTuple):
    """One entry that gave a record to a team, or to none; with the internal agreement that was pinned then."""

    at: datetime
    entry: int
    team: str | None
    agreement: str | None = None
    agreement_version: int | None = None
    calendar_version: int | None = None
    actor: str = ""
    cause: str = ""


class Turn(NamedTuple):
    """The time in which one team had a record: the `nth`, counted from 1; `end` is None while it has it."""

    nth: int
    assignment: Assignment
    end: datetime | None
    happenings: list[Happening]


def turns(happenings: Sequence[Happening], assignments: Iterable[Assignment]) -> list[Turn]:
    """The turns of a record, in order; what happens in one says nothing about the others."""
    given = sorted(assignments, key=lambda one: one[:2])
    found: list[Turn] = []
    for position, one in enumerate(given):
        after = given[position + 1] if position + 1 < len(given) else None
        if one.team is not None:
            own = _own(happenings, one, after)
            found.append(Turn(len(found) + 1, one, after.at if after else None, own))
    return found


def _own(happenings: Sequence[Happening], one: Assignment, after: Assignment | None) -> list[Happening]:
    """What happened in a turn: it begins in the state that the record was in, and ends when it is handed on."""
    begun, place = _as_of(happenings, one), (one.at, one.entry)
    own = [_named(begun, one, "assigned")]
    end = (after.at, after.entry) if after else None
    own += [one for one in happenings if (one.at, one.entry) > place and (end is None or (one.at, one.entry) < end)]
    if after is not None:
        own.append(_named(own[-1], after, "reassigned"))
    return own


def _as_of(happenings: Sequence[Happening], one: Assignment) -> Happening:
    known = happenings[0]
    for happening in happenings:
        if (happening.at, happening.entry) > (one.at, one.entry):
            break
        known = happening
    return known


def _named(state: Happening, by: Assignment, name: str) -> Happening:
    phase: Phase = state.phase_after
    return Happening(
        by.at, by.entry, phase, phase, state.status_after, state.status_after, state.priority, frozenset({name}),
        by.actor, by.cause,
    )  # fmt: skip
