"""The life of one record against the workflow that was in force for it, step by step (pure).

A step is an entry that sets the status. What the table does not allow is told exactly; what it allows is asked for
the facts, the reason and the role that the table wants.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gnomon.workflow.tables import Move, Workflow

UNKNOWN_STATE, UNKNOWN_MOVE, SKIPPED, BEGUN, MISSING, REASON, ROLE = SORTS = (
    "unknown_state", "unknown_move", "skipped", "begun", "missing", "reason", "role",
)  # fmt: skip
COMMA = ","
# Who tells later than this what happened is not who did it, as when histories are imported.
AT_ONCE = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the ledger, as far as it matters here; moments in milliseconds."""

    at: int
    recorded_at: int
    verb: str
    actor: str
    because: str
    facts: Mapping[str, Sequence[Any]]

    @property
    def is_told_later(self) -> bool:
        return self.recorded_at - self.at > AT_ONCE


@dataclass(frozen=True, slots=True)
class Deviation:
    """A step that the workflow of that version does not allow, or not so.

    `detail` are the states skipped, the fields or the roles that were missing.
    """

    sort: str
    start: str
    end: str
    verb: str
    version: int
    detail: str
    at: int
    actor: str
    is_told_later: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a record went: its steps, those that deviate, and each deviation."""

    steps: int
    bad_steps: int
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a replay asks: workflows by version, who might take a move and what roles somebody had at a moment."""

    workflow: Callable[[int], Workflow]
    who: Callable[[Move, int], Sequence[str]]
    roles: Callable[[str, int], Collection[str] | None]  # None when nobody can say
    fields: frozenset[str]  # that the ledger speaks of


def replay(entries: Iterable[Told], rules: Rules) -> Replayed:
    """Replay the entries of one record in their order."""
    known: dict[str, Any] = {}
    status: str | None = None
    steps, bad, found = 0, 0, list[Deviation]()
    for entry in entries:
        for name, pair in entry.facts.items():
            known[name] = pair[1]
        if "status" not in entry.facts:
            continue
        start, status = status, str(known["status"])
        steps += 1
        version = int(known.get("workflow_version") or 1)
        wrong = [
            Deviation(
                sort, start or "", status, entry.verb, version, detail, entry.at, entry.actor, entry.is_told_later
            )
            for sort, detail in _judged(rules.workflow(version), start, status, entry, known, rules)
        ]
        bad += bool(wrong)
        found += wrong
    return Replayed(steps, bad, tuple(found))


def _judged(
    workflow: Workflow, start: str | None, end: str, entry: Told, known: Mapping[str, Any], rules: Rules
) -> list[tuple[str, str]]:
    """What is wrong with a step: sorts with their details."""
    states = {state.name for state in workflow.states}
    if end not in states:
        return [(UNKNOWN_STATE, end)]
    if start is None:
        return [] if end == workflow.initial.name else [(BEGUN, workflow.initial.name)]
    if start == end:
        return []
    if start not in states:
        return [(UNKNOWN_STATE, start)]
    if not workflow.allows(start, end):
        between = skipped(workflow, start, end)
        return [(SKIPPED, COMMA.join(between))] if between else [(UNKNOWN_MOVE, "")]
    return _asked(workflow, start, end, entry, known, rules)


def _asked(
    workflow: Workflow, start: str, end: str, entry: Told, known: Mapping[str, Any], rules: Rules
) -> list[tuple[str, str]]:
    """What the move that was taken, or could have been, wants and did not get."""
    able = [move for move in workflow.moves if start in move.starts and end in move.ends]
    named = [move for move in able if move.name == entry.verb]
    lacking = min(([*_lacking(move, known, rules)] for move in named or able), key=len)
    found = [(MISSING, COMMA.join(lacking))] if lacking else []
    if named and not entry.is_told_later:
        (move,) = named
        if move.because and not entry.because.strip():
            found.append((REASON, ""))
        roles, who = rules.roles(entry.actor, entry.at), rules.who(move, entry.at)
        if roles is not None and who and set(who).isdisjoint(roles):
            found.append((ROLE, COMMA.join(sorted(roles))))
    return found


def _lacking(move: Move, known: Mapping[str, Any], rules: Rules) -> Iterable[str]:
    return (name for name in move.needs if name in rules.fields and _is_empty(known.get(name)))


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {}) or (isinstance(value, str) and not value.strip())


def skipped(workflow: Workflow, start: str, end: str) -> list[str]:
    """The fewest states that lie between two, going forward only; empty when no such way leads there.

    Forward is the order in which the table names its states.
    """
    place = {state.name: at for at, state in enumerate(workflow.states)}
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in sorted({end for move in workflow.moves_from(here) for end in move.ends}, key=place.__getitem__):
            if place[here] < place[there] <= place[end] and there not in before:
                before[there] = here
                waiting.append(there)
    if end not in before:
        return []
    path, here = [], before[end]
    while here != start:
        path.append(here)
        here = before[here]
    return path[::-1]
