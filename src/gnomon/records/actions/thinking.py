"""What is written, worked out before the turn to write is taken wherever that can be (docs/decisions/writes-think-first.md).

A write is two parts. The first checks what was given and adds what follows from it; it reads and writes nothing. The
second numbers or locks the record, stores it and leaves its entry. On the embedded database all writers of the house
stand in one line for the second, so the first is done before it, on the record and the rules as they are known. In
its turn the write looks whether both are still the same, and else does the first part again, where nobody can
interfere. What was refused ahead is judged again as well, so that nobody is refused by a rule that is no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from gnomon.jobs.asking import this_connection
from gnomon.records import rules
from gnomon.records.actions.checking import apply, check_needs, check_start
from gnomon.records.actions.storing import (
    happened,
    leave_entry,
    lock,
    locked_version,
    now_written,
    save,
    save_as_seen,
)
from gnomon.records.facts import facts_of, is_blank
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import Numbering, Record
from gnomon.records.models.numbering import number_text
from gnomon.records.refusals import Refused
from gnomon.records.search import index_record
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move


class Thought(NamedTuple):
    """The first part of a write: what happens, which facts it writes, and when it was thought."""

    happening: Change
    written: dict[str, list[Any]]
    now: datetime
    record: Record
    beside: tuple[str, ...] = ()  # projections that it moves


@dataclass(slots=True)
class NewRecord:
    """A record about to come into being, in the first state of its workflow."""

    kind: Kind
    by: Actor
    at: datetime | None
    because: str
    facts: dict[str, Any]
    _known: rules.Known | None = None
    _thought: Thought | None = None

    def __post_init__(self) -> None:
        self._known = _ahead(self.kind, "recorded", self.facts)
        self._thought = _thought_on(self._known, self.kind, "recorded", self.facts, self._think)

    def write(self) -> Record:
        """Number it, store it, leave its entry."""
        kind = self.kind
        ahead = self._thought is not None and not _is_writing()
        taken = Numbering.take_ahead(kind.prefix, rules.MARK) if ahead else None
        with transaction.atomic():
            thought = self._thought or self._think()
            counter, mark = taken or Numbering.take_with(kind.prefix, rules.MARK)
            number = number_text(kind.prefix, counter)
            known = self._known if self._thought else None
            if known is not None and not rules.still(known, mark):
                known, thought = None, self._think()
            born = thought.record
            with rules.trusting(known):
                born.number, born.version = number, 1
                save(born, None)
                leave_entry(kind, born, thought.happening, thought.written, thought.now)
                index_record(kind, born)
        return born

    def _think(self) -> Thought:
        kind, now = self.kind, now_written()
        born: Record = kind.model()
        born.recorded_at = now
        born.workflow_version = _version_in_force(kind)
        facts = {**self.facts, "status": kind.workflow_version(born.workflow_version).initial.name}
        happening = Change(
            verb="recorded", by=self.by, at=happened(self.at, now), facts=facts, old={}, because=self.because
        )  # fmt: skip
        apply(kind, born, happening)
        written = {n: [None, value] for n, value in facts_of(born).items() if not is_blank(kind.model, n, value)}
        return Thought(happening, written, now, born, _foreseen(kind, born, happening, written))


@dataclass(slots=True)
class Alteration:
    """New facts about to be given to a record, by a move when there is a step."""

    kind: Kind
    record: Record
    verb: str
    step: Move | None
    by: Actor
    at: datetime | None
    because: str
    expect: int | None
    facts: dict[str, Any]
    _known: rules.Known | None = None
    _thought: Thought | None = None
    _before: tuple[dict[str, Any], dict[str, Any]] = field(default=({}, {}))

    def __post_init__(self) -> None:
        if self.expect in (None, self.record.version) and not self.record._state.adding:
            self._known = _ahead(self.kind, self.verb, self.facts)
        self._before = _held_by(self.record)
        try:
            self._thought = _thought_on(self._known, self.kind, self.verb, self.facts, self._think)
        finally:
            if self._thought is None:
                _give_back(self.record, self._before)

    def write(
        self, then: Callable[[Record], object] | None = None, *, unless_seen: Callable[[Record], object] | None = None
    ) -> Record:
        """Lock it as it was seen, store what is new, leave an entry; nothing when nothing is new.

        What `then` writes about the record, which is locked, stands or falls with it. When it is not as it was seen,
        `unless_seen` has it first: to refuse, or to hold it as it is by now.
        """
        try:
            with transaction.atomic():
                if not self._is_written_as_thought():
                    _give_back(self.record, self._before)
                    if unless_seen is not None:
                        unless_seen(self.record)
                    lock(self.kind, self.record, self.expect)
                    self._before = _held_by(self.record)
                    thought = self._think()
                    if self._has_news(thought):
                        self.record.version += 1
                        save(self.record, ("version", *thought.written, *thought.beside))
                        self._leave(thought)
                if then is not None:
                    then(self.record)
        except BaseException:
            _give_back(self.record, self._before)
            raise
        return self.record

    def _is_written_as_thought(self) -> bool:
        """Store what was thought ahead, where the record and the rules are still the same."""
        record, thought, known = self.record, self._thought, self._known
        if thought is None or known is None:
            return False
        if not self._has_news(thought):
            return locked_version(self.kind, record) == record.version and rules.still(known, rules.look())
        seen, record.version = record.version, record.version + 1
        if not save_as_seen(record, ("version", *thought.written, *thought.beside), seen, known):
            rules.look()
            return False
        with rules.trusting(known):
            self._leave(thought)
        return True

    def _has_news(self, thought: Thought) -> bool:
        return bool(thought.written) or self.step is not None

    def _leave(self, thought: Thought) -> None:
        kind, record, written = self.kind, self.record, thought.written
        leave_entry(kind, record, thought.happening, written, thought.now)
        if not {"title", *kind.searched}.isdisjoint(written):
            index_record(kind, record)

    def _think(self) -> Thought:
        kind, record, step, now = self.kind, self.record, self.step, now_written()
        old = facts_of(record)
        facts = dict(self.facts)
        if step is not None:
            check_start(kind, record, step)
            facts["status"] = step.end
        happening = Change(
            verb=self.verb, by=self.by, at=happened(self.at, now), facts=facts, old=old, because=self.because, move=step
        )  # fmt: skip
        apply(kind, record, happening)
        if step is not None:
            assert record.status in step.ends, f"{step.name} cannot end in {record.status}"
            check_needs(kind, record, step, self.because)
        written = {name: [old[name], value] for name, value in facts_of(record).items() if value != old[name]}
        return Thought(happening, written, now, record, _foreseen(kind, record, happening, written))


def _foreseen(kind: Kind, record: Record, happening: Change, written: Mapping[str, list[Any]]) -> tuple[str, ...]:
    return kind.foresees(record, happening, written) if kind.foresees is not None else ()


@contextmanager
def unchanged_when_refused(record: Record) -> Iterator[None]:
    """Take back what was put on the record: a page shows it beside the refusal, as it still is."""
    before = _held_by(record)
    try:
        yield
    except BaseException:
        _give_back(record, before)
        raise


def _ahead(kind: Kind, verb: str, facts: Mapping[str, Any]) -> rules.Known | None:
    """The rules to think on before the turn is taken; None when it is held already, or the thought rests on more."""
    if _is_writing():
        return None
    if kind.ahead is None:
        return None if _sort(kind, verb, facts) in _rest_on_others else rules.last_known()
    return rules.last_known() if kind.ahead(verb, facts) else None


def _is_writing() -> bool:
    """Whether a transaction has begun; the one that the tests put around each of their own does not count."""
    blocks = this_connection().atomic_blocks
    return bool(blocks) and not blocks[-1]._from_testcase


def _thought_on(
    known: rules.Known | None, kind: Kind, verb: str, facts: Mapping[str, Any], think: Callable[[], Thought]
) -> Thought | None:
    if known is None:
        return None
    with rules.trusting(known), suppress(Refused):
        if kind.ahead is not None:
            return think()
        try:
            with rules.alone():
                return think()
        except rules.AsksOthers:
            _rest_on_others.add(_sort(kind, verb, facts))
    return None


# Sorts of writes whose thought would ask the database of more than rules; a process finds each out once.
_rest_on_others: set[tuple[str, str, frozenset[str]]] = set()


def _sort(kind: Kind, verb: str, facts: Mapping[str, Any]) -> tuple[str, str, frozenset[str]]:
    return kind.name, verb, frozenset(facts)


def _version_in_force(kind: Kind) -> int:
    from gnomon.records.definitions import version_in_force

    return version_in_force(kind)


def _held_by(record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    return dict(record.__dict__), dict(record._state.fields_cache)


def _give_back(record: Record, before: tuple[dict[str, Any], dict[str, Any]]) -> None:
    record.__dict__.clear()
    record.__dict__.update(before[0])
    record._state.fields_cache = dict(before[1])
