"""The life of one record against the workflow that was in force for it, step by step (pure).

A step is an entry that sets the status. What the table does not allow is told exactly; what it allows is asked for
the facts, the reason and the role that the table wants.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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


class Step(NamedTuple):
    """A step that the table allows: the move that was named, if it was, and what each that it could have been needs."""

    move: Move | None
    needs: Sequence[Sequence[str]]


Wrong = list[tuple[str, str]]  # sorts with their details


@dataclass(frozen=True, slots=True)
class Rules:
    """What a replay asks: workflows by version, who might take a move and what roles somebody had at a moment."""

    workflow: Callable[[int], Workflow]
    who: Callable[[Move, int], Sequence[str]]
    roles: Callable[[str, int], Collection[str] | None]  # None when nobody can say
    fields: frozenset[str]  # that the ledger speaks of
    # What the table says of a step is the same for all records that live by that version.
    steps: dict[tuple[int, str | None, str, str], Wrong | Step] = field(default_factory=dict, compare=False)


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
            for sort, detail in _judged(rules, version, start, entry, known)
        ]
        bad += bool(wrong)
        found += wrong
    return Replayed(steps, bad, tuple(found))


def _judged(rules: Rules, version: int, start: str | None, entry: Told, known: Mapping[str, Any]) -> Wrong:
    """What is wrong with a step: sorts with their details."""
    end = str(known["status"])
    key = version, start, end, entry.verb
    step = rules.steps.get(key)
    if step is None:
        step = rules.steps[key] = _step(rules, version, start, end, entry.verb)
    return step if isinstance(step, list) else _asked(step, entry, known, rules)


def _step(rules: Rules, version: int, start: str | None, end: str, verb: str) -> Wrong | Step:
    """What the table alone says of a step, whoever took it: what is wrong with it, or which moves it could have been."""
    workflow = rules.workflow(version)
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
    able = [move for move in workflow.moves if start in move.starts and end in move.ends]
    named = [move for move in able if move.name == verb]
    needs = [tuple(name for name in move.needs if name in rules.fields) for move in named or able]
    return Step(named[0] if named else None, needs)


def _asked(step: Step, entry: Told, known: Mapping[str, Any], rules: Rules) -> Wrong:
    """What the move that was taken, or could have been, wants and did not get."""
    lacking = min(([name for name in needs if _is_empty(known.get(name))] for needs in step.needs), key=len)
    found = [(MISSING, COMMA.join(lacking))] if lacking else []
    move = step.move
    if move is not None and not entry.is_told_later:
        if move.because and not entry.because.strip():
            found.append((REASON, ""))
        roles, who = rules.roles(entry.actor, entry.at), rules.who(move, entry.at)
        if roles is not None and who and set(who).isdisjoint(roles):
            found.append((ROLE, COMMA.join(sorted(roles))))
    return found


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
