"""Keep the clocks of records in step with the ledger, one record at a time or many at once (8.3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gnomon.agreements import team_clocks
from gnomon.agreements.clock.derive import derive_awaiting, derive_verdict
from gnomon.agreements.clock.readings import Clock
from gnomon.agreements.clock_rows import OF_RECORDS, OF_TEAMS, ClockRow, row_of
from gnomon.agreements.histories import History, Line, Pins, Said, line_of, phases_of, read, said_in
from gnomon.agreements.models import ThresholdReached
from gnomon.agreements.pins import pins_for
from gnomon.agreements.policies import DEFINITIONS, PolicyOf, policy_of, read_clock, remembering
from gnomon.jobs.asking import rows_of
from gnomon.jobs.moments import milliseconds, moment
from gnomon.jobs.questions import Question
from gnomon.records.actions.projections import KEPT, Into
from gnomon.records.kinds import Change, kind_of
from gnomon.records.models import LedgerEntry, Record
from gnomon.workflow.tables import Phase

__all__ = [
    "foresee", "histories_of", "history_of", "keep_foreseen", "pins_for", "project", "rebuild",
    "rederive", "told_of", "verdicts",
]  # fmt: skip

Told = Mapping[str, frozenset[int]]  # clock → percentages that people were told of
AT_ONCE = 2000
COMING = 2**62  # in place of the sequence of an entry that is not there yet: it comes after all others


Clocks = dict[str, ClockRow]


def rederive(record: Record, entry: LedgerEntry) -> Clocks:
    """Bring the clocks of one record up to its newest entry, in the transaction that wrote it; clock by name."""
    lines = [line_of(entry)] if entry.version == 1 else _lines(record)
    told = {} if entry.version == 1 else _told_of_one(record.number)
    history = _read(record, lines)
    clocks = _projections(record, history, told, policy_of)
    OF_RECORDS.store(clocks.values())
    team_clocks.keep_turns(record, history)
    return clocks


def foresee(record: Record, change: Change, written: Mapping[str, Sequence[Any]]) -> Clocks | None:
    """Where the clocks will stand when this has happened, before there is an entry of it.

    None where a team's own clock runs too: its row is read again with the entry.
    """
    told = {} if change.creates else _told_of_one(record.number)
    said = Said(**{name: tuple(pair) for name, pair in written.items() if name in Said.__struct_fields__})
    at, kind = moment(milliseconds(change.at)), kind_of(type(record))
    coming = Line(COMING, f"{kind.name}:{change.verb}", change.by.number, at, said, change.because)
    history = _read(record, [coming] if change.creates else [*_lines(record), coming])
    return None if history.has_internal else _projections(record, history, told, policy_of)


def keep_foreseen(record: Record, entry: LedgerEntry, clocks: Clocks) -> None:
    """Store what was foreseen, now that the entry is there."""
    OF_RECORDS.store(
        row._replace(number=record.number, entry=entry.sequence if row.entry == COMING else row.entry)
        for row in clocks.values()
    )


def rebuild(records: Sequence[Record], into: Into = KEPT) -> dict[str, Clocks]:
    """Derive the clocks of many records anew; number → clock by name."""
    numbers = [record.number for record in records]
    lines, told, policy = _lines_of(numbers), told_of(numbers), remembering()
    derived, turns = {}, list[ClockRow]()
    for record in records:
        history = _read(record, lines[record.number])
        derived[record.number] = _projections(record, history, told.get(record.number, {}), policy)
        turns += team_clocks.rows_of(record, history, policy)
    into.rows(OF_RECORDS, numbers, (clock for clocks in derived.values() for clock in clocks.values()))
    into.rows(OF_TEAMS, numbers, turns)
    return derived


def history_of(record: Record) -> History:
    """What the ledger tells the clocks of a record."""
    return _read(record, _lines(record))


def histories_of(records: Sequence[Record]) -> dict[str, History]:
    """The same for many records, by number."""
    lines = _lines_of([record.number for record in records])
    return {record.number: _read(record, lines[record.number]) for record in records}


def verdicts(lines: Sequence[Line], phases: Mapping[str, Phase], policy: PolicyOf) -> dict[str, bool | None]:
    """Whether each clock had kept its target after the last of these lines, None while nobody can say; by name."""
    history, found = read(lines, phases), {}
    for definition in DEFINITIONS:
        clock, _pins = read_clock(definition, history, history.until, policy=policy, reading=derive_verdict)
        found[clock.name] = None if clock.motion.goes_on else clock.met
    return found


def told_of(numbers: Sequence[str]) -> dict[str, dict[str, frozenset[int]]]:
    """The thresholds that people were told of: number → clock → percentages."""
    found: dict[str, dict[str, frozenset[int]]] = defaultdict(dict)
    for start in range(0, len(numbers), AT_ONCE):
        rows = ThresholdReached.objects.filter(number__in=numbers[start : start + AT_ONCE])
        for number, name, percent in rows.values_list("number", "name", "percent"):
            found[number][name] = found[number].get(name, frozenset()) | {percent}
    return found


def _told_of_one(number: str) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for name, percent in _TOLD.all(number=number):
        found[name] = found.get(name, frozenset()) | {percent}
    return found


_TOLD = Question(lambda number: ThresholdReached.objects.filter(number=number).values_list("name", "percent"))


def project(record: Record, clock: Clock, pins: Pins, history: History, told: frozenset[int]) -> ClockRow:
    """The row that says where a clock stands."""
    # A threshold reached before we knew of the record could be told to nobody. Clocks count from the whole
    # second in which they began: one that ends within the second of the recording was not over before it.
    known_at = record.recorded_at.replace(microsecond=0)
    awaited = next((t for t in clock.thresholds if t.at and t.percent not in told and t.at >= known_at), None)
    if not clock.motion.goes_on:
        awaited = None
    return row_of(
        kind_of(type(record)).name, record.number, clock, pins, name=clock.name, entry=history.entry,
        next_threshold=awaited.percent if awaited else None, next_threshold_at=awaited.at if awaited else None,
    )  # fmt: skip


def _projections(record: Record, history: History, told: Told, policy: PolicyOf) -> Clocks:
    clocks = {}
    for definition in DEFINITIONS:
        clock, pins = read_clock(definition, history, history.until, policy=policy, reading=derive_awaiting)
        clocks[clock.name] = project(record, clock, pins, history, told.get(clock.name, frozenset()))
    return clocks


def _read(record: Record, lines: Iterable[Line]) -> History:
    return read(lines, phases_of(kind_of(type(record)).workflow_of(record)))


def _lines(record: Record) -> list[Line]:
    return _lines_of([record.number])[record.number]


def _lines_of(numbers: Sequence[str]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        rows = rows_of(
            f"SELECT number, sequence, verb, actor, happened_at, facts, because FROM {LedgerEntry._meta.db_table} "
            f"WHERE number IN ({marks}) ORDER BY number, version",
            some,
            often=True,
        )
        for number, sequence, verb, actor, happened_at, facts, because in rows:
            lines[number].append(Line(sequence, verb, actor, moment(happened_at), said_in(facts), because))
    return lines
