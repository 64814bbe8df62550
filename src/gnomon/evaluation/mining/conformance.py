"""How far records kept to their workflow: fitness, and every deviation (8.1).

Fitness is the share of steps that the workflow in force for the record allows as they were taken. What was found of
a record holds until the ledger tells more of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np

from gnomon.evaluation.mining import patience, store
from gnomon.evaluation.mining.asked import FEW, Question
from gnomon.evaluation.mining.events import Whole
from gnomon.evaluation.mining.judgements import keep_beside, kept_beside
from gnomon.evaluation.mining.patience import not_for_long
from gnomon.evaluation.mining.perspectives import Numbers
from gnomon.evaluation.mining.powers_then import powers_then
from gnomon.evaluation.mining.reading import AT_ONCE, counter_of
from gnomon.evaluation.mining.replay import Deviation, Replayed, Rules, Told, replay
from gnomon.evaluation.mining.roles_then import roles_then
from gnomon.records.definitions import workflows_lived_by
from gnomon.records.facts import ERASED, ledgered
from gnomon.records.kinds import Kind
from gnomon.records.ledger.personal import BECAUSE
from gnomon.records.ledger.reading import rarely_collected, rows
from gnomon.records.memory import Memory
from gnomon.workflow.tables import Move, Workflow

ANY, NONE, SORT, GROUP = "any", "none", "sort", "deviation"
_SELECT = (
    "SELECT number, verb, actor, recorded_at, happened_at, facts, because, personal FROM records_ledgerentry "
    "WHERE number IN ({}) ORDER BY number, version"
)


@lru_cache(maxsize=4096)
def _shared(steps: int, bad_steps: int) -> tuple[int, int]:
    """The same pair for all records that did alike: a million of their own would take sixty megabytes."""
    return steps, bad_steps


@dataclass
class Judged:
    """Records by their counters: steps and bad steps of all, deviations of those that have any."""

    lineage: str = ""
    entries: int = 0
    steps: dict[int, tuple[int, int]] = field(default_factory=dict)
    deviations: dict[int, tuple[Deviation, ...]] = field(default_factory=dict)

    def put(self, case: int, found: Replayed) -> None:
        """Hold what a replay found."""
        self.steps[case] = _shared(found.steps, found.bad_steps)
        if found.deviations:
            self.deviations[case] = found.deviations
        else:
            self.deviations.pop(case, None)

    def only(self, cases: Whole) -> Judged:
        """Those records alone."""
        wanted = [case for case in cases.tolist() if case in self.steps]
        return Judged(
            self.lineage, self.entries, {case: self.steps[case] for case in wanted},
            {case: self.deviations[case] for case in wanted if case in self.deviations},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Deviations of one sort between the same states under the same version; `key` names it in an address."""

    key: str
    example: Deviation
    cases: int
    times: int
    told_later: int


_judged: Memory[str, Judged] = Memory(8)
# Nobody who opens a page waits until more records than these are replayed.
MANY = 20_000


def judged(question: Question) -> Judged:
    """How the records that are asked about kept to their workflow."""
    return judged_among(question.kind, question.cases())


def judged_among(kind: Kind, cases: Whole | None) -> Judged:
    """How these records of a kind did, None for all; only those are replayed of whom that is not known yet."""
    if cases is not None and len(cases) <= FEW and store.unread(kind.name) > patience.MANY:
        found = Judged()
        _judge(kind, cases.tolist(), found)
        return found
    known, have = store.known(kind.name), _still_true(kind)
    wanted = np.unique(known.events["case"]) if cases is None else cases
    unknown = [case for case in wanted.tolist() if case not in have.steps]
    if len(unknown) > MANY:
        # Another process may have found it meanwhile.
        _judged.put(kind.name, kept_beside(kind.name, known, Judged) or have)
        have = _still_true(kind)
        unknown = [case for case in wanted.tolist() if case not in have.steps]
        not_for_long(kind.name, len(unknown), MANY, judging=True)
    if unknown:
        have = Judged(have.lineage, have.entries, dict(have.steps), dict(have.deviations))
        with rarely_collected():
            _judge(kind, unknown, have)
        if len(unknown) > MANY and have.entries == known.entries:
            keep_beside(kind.name, known, have.steps, have.deviations)
    _judged.put(kind.name, have)
    return have if cases is None else have.only(wanted)


def _still_true(kind: Kind) -> Judged:
    """What was found of records of which the ledger tells nothing more since."""
    known, have = store.known(kind.name), _judged.get(kind.name)
    if have is None or have.lineage != known.lineage or have.entries > known.entries:
        return Judged(known.lineage, known.entries)
    news = set(known.events["case"][have.entries :].tolist())
    if not news:
        return have
    return Judged(
        known.lineage, known.entries, {case: told for case, told in have.steps.items() if case not in news},
        {case: some for case, some in have.deviations.items() if case not in news},
    )  # fmt: skip


def fitness(found: Judged) -> float | None:
    """The share of steps that were allowed as they were taken; None when nothing was done."""
    steps = sum(steps for steps, _bad in found.steps.values())
    bad = sum(bad for _steps, bad in found.steps.values())
    return 1 - bad / steps if steps else None


def groups(found: Judged) -> list[Group]:
    """Deviations of a kind together, in most records first."""
    examples: dict[str, Deviation] = {}
    cases: dict[str, set[int]] = {}
    times: dict[str, int] = {}
    later: dict[str, int] = {}
    for case, deviations in found.deviations.items():
        for one in deviations:
            key = key_of(one)
            examples.setdefault(key, one)
            cases.setdefault(key, set()).add(case)
            times[key] = times.get(key, 0) + 1
            later[key] = later.get(key, 0) + one.is_told_later
    made = [Group(key, one, len(cases[key]), times[key], later[key]) for key, one in examples.items()]
    return sorted(made, key=lambda group: (-group.cases, -group.times, group.key))


def cases_with(kind: Kind, what: str, value: str, among: Whole | None = None) -> list[int]:
    """Counters of the records that deviate so; LookupError when it is nothing that can be asked."""
    if what not in {ANY, NONE, SORT, GROUP}:
        raise LookupError(what)
    found = judged_among(kind, among)
    if what == ANY:
        return list(found.deviations)
    if what == NONE:
        return [case for case in found.steps if case not in found.deviations]
    told = {SORT: lambda one: one.sort, GROUP: key_of}[what]
    return [case for case, some in found.deviations.items() if any(told(one) == value for one in some)]


def example_of(kind: Kind, key: str) -> Deviation | None:
    """Any deviation of a group, of those that are known by now."""
    have = _judged.get(kind.name)
    some = (one for told in (have.deviations.values() if have is not None else ()) for one in told)
    return next((one for one in some if key_of(one) == key), None)


@lru_cache(maxsize=4096)
def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def key_of(one: Deviation) -> str:
    """The same for deviations of one sort between the same states under the same version, for the same want."""
    return _key(one.sort, one.start, one.end, one.detail, str(one.version))


# --- reading ---


def _judge(kind: Kind, cases: Sequence[int], found: Judged) -> None:
    rules = _rules(kind)
    decode = msgspec.json.Decoder(_facts_type(_wanted(kind, rules.fields))).decode
    numbers = Numbers(kind.prefix)
    for begin in range(0, len(cases), AT_ONCE):
        some = [numbers[case] for case in cases[begin : begin + AT_ONCE]]
        told = rows(_SELECT.format(", ".join(["%s"] * len(some))), some)
        for number, lines in groupby(told, key=itemgetter(0)):
            found.put(counter_of(number), replay(_told(kind, lines, decode), rules))


def _told(kind: Kind, lines: Iterator[tuple[Any, ...]], decode: Any) -> Iterator[Told]:
    skip = len(kind.name) + 1
    for _number, verb, actor, recorded_at, at, facts, because, personal in lines:
        pairs = _pairs(decode(facts))
        if personal:
            pairs |= _pairs(decode(personal))
        reason = because or (ERASED if f'"{BECAUSE}":' in personal else "")
        yield Told(at, recorded_at, verb[skip:], actor, reason, pairs)


def _pairs(spoken: Any) -> dict[str, Sequence[Any]]:
    """Field → [old, new]; what was erased since had been given all the same."""
    pairs = {}
    for name in spoken.__struct_fields__:
        part = getattr(spoken, name)
        if part is not None:
            pairs[name] = (None, ERASED) if type(part) is str else part
    return pairs


def _rules(kind: Kind) -> Rules:
    known: dict[int, Workflow] = {}

    def workflow(version: int) -> Workflow:
        if version not in known:
            try:
                known[version] = kind.workflow_version(version)
            except LookupError:
                known[version] = kind.workflow
        return known[version]

    held, powers = roles_then(), powers_then()

    def who(move: Move, at: int) -> Sequence[str]:
        return powers(at).permitted(kind.name, move.name, kind.may.get(move.name, move.who))

    def roles(number: str, at: int) -> Collection[str] | None:
        some = held(number, at)
        return None if some is None else powers(at).acting(some)

    return Rules(workflow, who, roles, frozenset(part.name for part in ledgered(kind.model)))


def _wanted(kind: Kind, fields: frozenset[str]) -> tuple[str, ...]:
    """The facts that a replay looks at: the status, the version, and whatever some move needs."""
    needs = {name for workflow in workflows_lived_by(kind) for move in workflow.moves for name in move.needs}
    return ("status", "workflow_version", *sorted((needs & fields) - {"status", "workflow_version"}))


@lru_cache(maxsize=64)
def _facts_type(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """A struct of just these facts: what else an entry tells is not even built."""
    return msgspec.defstruct("Facts", [(name, Any, None) for name in names], gc=False)


def sorts_of(found: Judged) -> Mapping[str, int]:
    """In how many records each sort of deviation occurs."""
    counted: dict[str, int] = {}
    for some in found.deviations.values():
        for sort in {one.sort for one in some}:
            counted[sort] = counted.get(sort, 0) + 1
    return counted
