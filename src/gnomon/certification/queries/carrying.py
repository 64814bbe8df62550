"""What an earlier run saw is carried over, and amended by what has happened since.

For a recordwise check only two things can turn its verdict on a record: an entry about it, or time. So a run
asks again about the records written about after the place up to which the earlier run had read the ledger,
and about those whose time has come. All else is as it was, and the verdict equals that of asking about all.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from gnomon.certification.models import CarriedResult, NumberChunk
from gnomon.certification.numbers import NONE, Numbers, references, unpack
from gnomon.certification.verdicts import Status, sound
from gnomon.jobs.moments import milliseconds, moment
from gnomon.records.ledger.settled import all_written, newest_entry
from gnomon.records.models import LedgerEntry
from gnomon.standard.periods import Period
from gnomon.standard.plugs import EvidenceCheck, Finding, Limit, Question

# Checks name whom time alone turns within this; after it, and so at least every other day, all are asked again.
HORIZON = timedelta(hours=36)
# Beyond so many records it is quicker to ask about all.
MANY = 20_000
AT_ONCE = 4_000
# Where somebody writes to the ledger for long: what was recorded shortly before may become visible only now.
SETTLES_WITHIN = timedelta(minutes=5)

Ask = Callable[[EvidenceCheck, Question], Finding]


@dataclass(frozen=True, slots=True)
class Carried:
    """What was seen last for a rule, and up to where the ledger had been read for it."""

    run: str
    finding: Finding
    period: Period
    limits: tuple[Limit, ...]
    version: int
    as_of: datetime
    asked_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How a check was asked: about how many records again (None: about all), and since when nothing in full."""

    again: int | None
    asked_at: datetime
    finding: Finding


class Amending:
    """Asks checks; those that carry over only about the records that may have turned."""

    def __init__(self, carried: Mapping[str, Carried], position: int, ask: Ask) -> None:
        self.position = position
        self.asked: dict[str, Asked] = {}
        self._carried, self._ask = carried, ask
        self._changed: dict[tuple[str, int], Numbers | None] = {}

    def __call__(self, check: EvidenceCheck, question: Question) -> Finding:
        """What the check sees, by asking as few records as will do."""
        if check.recordwise is None:
            return self._ask(check, question)
        before = self._carried.get(check.name)
        again = None if before is None else self._again(check, question, before)
        if before is None or again is None:
            return self._in_full(check, question)
        return self._amended(check, question, before, again)

    @property
    def amends(self) -> str:
        """The newest run that something was carried over from; empty when nothing was."""
        used = [self._carried[name] for name, each in self.asked.items() if each.again is not None]
        return max(used, key=lambda each: (each.as_of, each.run)).run if used else ""

    def _in_full(self, check: EvidenceCheck, question: Question) -> Finding:
        finding = sound(self._ask(check, replace(question, until=question.as_of + HORIZON)))
        self.asked[check.name] = Asked(None, question.as_of, finding)
        return finding

    def _amended(self, check: EvidenceCheck, question: Question, before: Carried, again: Numbers) -> Finding:
        until, found = before.asked_at + HORIZON, before.finding
        turns = {number: at for number, at in found.turns.items() if number not in again}
        population, late, failed = (part - again for part in map(Numbers.of, _parts(found)))
        for some in _slices(list(again)):
            part = sound(self._ask(check, replace(question, among=frozenset(some), until=until)))
            joined = zip((population, late, failed), _parts(part), strict=True)
            population, late, failed = (mine | Numbers.of(more) for mine, more in joined)
            turns |= part.turns
        finding = Finding(population, late, failed, turns=turns)
        self.asked[check.name] = Asked(len(again), before.asked_at, finding)
        return finding

    def _again(self, check: EvidenceCheck, question: Question, before: Carried) -> Numbers | None:
        """The records that may have turned; None when all must be asked about."""
        assert check.recordwise is not None
        if (check.version, question.limits) != (before.version, before.limits):
            return None
        if not before.as_of <= question.as_of < before.asked_at + HORIZON or not _slid(before, question):
            return None
        if any(self._written_about(kind, before.position) != NONE for kind in check.recordwise.reads):
            return None
        changed = self._written_about(check.recordwise.kind, before.position)
        if changed is None:
            return None
        due = Numbers.of(number for number, at in before.finding.turns.items() if at <= question.as_of)
        return None if len(changed | due) > MANY else changed | due

    def _written_about(self, kind: str, position: int) -> Numbers | None:
        """Records of a kind with an entry after a place in the ledger; None when they are many."""
        key = (kind, position)
        if key not in self._changed:
            entries = LedgerEntry.objects.filter(kind=kind, sequence__gt=position).order_by("sequence")
            numbers = list(entries.values_list("number", flat=True)[: MANY * 10 + 1])
            self._changed[key] = None if len(numbers) > MANY * 10 else Numbers.of(numbers)
        return self._changed[key]


def carried_over(by: str) -> dict[str, Carried]:
    """What the newest runs of this version left to go on from, by rule; nothing of what was in error."""
    kept = list(CarriedResult.objects.select_related("result__run"))
    packed = [(each.result.packed_population, each.result.packed_late, each.result.packed_failed) for each in kept]
    chunks = NumberChunk.contents({where for parts in packed for part in parts for where in references(bytes(part))})
    found: dict[str, Carried] = {}
    for each, parts in zip(kept, packed, strict=True):
        result = each.result
        if result.status == Status.ERROR or result.run.engine != by:
            continue
        population, late, failed = (unpack(bytes(part), chunks) for part in parts)
        found[each.rule] = Carried(
            run=result.run.number,
            finding=Finding(population, late, failed, turns=_read(bytes(each.turns))),
            period=Period(result.period_start, result.period_end),
            limits=result.limits_used,
            version=result.check_version,
            as_of=each.as_of,
            asked_at=each.asked_at,
            position=each.position,
        )
    return found


def engine() -> str:
    """The version of this program."""
    try:
        return version("gnomon")
    except PackageNotFoundError:
        return "unknown"


def ledger_position() -> int:
    """Up to which entry the ledger can be read for good: nothing will appear before it any more."""
    last = newest_entry()
    if not last or all_written():
        return last
    newest = LedgerEntry.objects.order_by("-sequence").values_list("recorded_at", flat=True)[0]
    place = last
    while place > 0:
        place = max(0, place - 1000)
        at = LedgerEntry.objects.filter(sequence__lte=place).order_by("-sequence").values_list("recorded_at", flat=True)
        if not at[:1] or at[0] < newest - SETTLES_WITHIN:
            break
    return place


def written_turns(turns: Mapping[str, datetime]) -> bytes:
    """Whom time alone will turn, and when, as it is kept."""
    table = {number: milliseconds(at) for number, at in sorted(turns.items())}
    return zlib.compress(json.dumps(table, separators=(",", ":")).encode())


def _read(turns: bytes) -> dict[str, datetime]:
    return {number: moment(at) for number, at in json.loads(zlib.decompress(bytes(turns))).items()}


def _slid(before: Carried, question: Question) -> bool:
    """Whether the window's start moved on, and no faster than time: only then do the turns tell all who left."""
    moved = milliseconds(question.period.start) - milliseconds(before.period.start)
    return 0 <= moved <= milliseconds(question.as_of) - milliseconds(before.as_of)


def _parts(finding: Finding) -> Iterable[Iterable[str]]:
    return finding.population, finding.late, finding.failed


def _slices(numbers: list[str]) -> Iterable[list[str]]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))
