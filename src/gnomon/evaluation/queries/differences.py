"""What changed of the records since their days were counted: what each added then, and what it adds now.

Beside the days stands by which columns each record was counted. So a record of which something was told since is a
difference of two lines, whatever else lies on its days; and to look at one that did not change makes none.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from gnomon.evaluation.asking import Test, asking, fields_of, filled, sort_of
from gnomon.evaluation.models import TalliedRecords, TallyMark
from gnomon.evaluation.queries.as_of import plain_of
from gnomon.evaluation.queries.counting import add, each_raw_row, in_milliseconds
from gnomon.evaluation.queries.day_cells import STANDS, Cell
from gnomon.evaluation.queries.positions import Place, is_of_another_ledger, place_of, unseen_after
from gnomon.evaluation.rows import amount_of, meets
from gnomon.evaluation.series import Series
from gnomon.jobs.moments import moment
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.ledger.reading import rows
from gnomon.records.memory import Memory
from gnomon.records.queries.together import one_of, one_of_numbers

# With more records changed than these, whoever looks counts from all of them.
MANY = 5_000
TOGETHER = 64  # records that follow one another, kept in one piece
ALWAYS = moment(0)  # what is counted day by day rests on no moment of asking

Row = Mapping[str, Any]


class Adds(NamedTuple):
    """What one record adds to a series: when, how much to the sum, by which values of the dimensions, and its numbers.

    The numbers of what began are when it did and when it ended, of a mean the one it is taken of.
    """

    at: int
    part: int
    by: tuple[Any, ...]
    numbers: tuple[int, ...]


class Difference(NamedTuple):
    """What a record adds that it did not when it was counted (1), or did and does no longer (-1)."""

    sign: int
    adds: Adds


class Reader:
    """Reads from the columns of a record of a kind what it adds to some series."""

    def __init__(self, wanted: Sequence[Series]) -> None:
        self.kind: Kind = kind_named(wanted[0].measure.kind)
        self._asked = [(one, asking(one.measure, filled(one.measure.among, ALWAYS), ALWAYS)) for one in wanted]
        names = {name for one in wanted for name in (*one.fields, *one.dimensions)}
        for _one, asked in self._asked:
            tests = (*asked.tests, *asked.holds)
            assert not any(isinstance(test, Test) and _names_another(self.kind, test) for test in tests)
            names |= {name for test in tests for name in fields_of(test)} | {name for name in asked.fields if name}
        self.names = tuple(sorted(names))
        self._fields: list[Any] = [self.kind.model._meta.get_field(name) for name in self.names]
        self._sorts = [sort_of(field) for field in self._fields]

    def rows(self, keys: Iterable[int] | None = None) -> Iterator[tuple[int, Row]]:
        """The key and the columns of each record, as numbers and texts; of all or of these, in the order of keys."""
        query = self.kind.model.objects.order_by("pk")
        if keys is not None:
            query = query.filter(pk__in=one_of(keys))
        columns: list[Any] = [
            in_milliseconds(name) if sort == "moment" else field.attname
            for name, field, sort in zip(self.names, self._fields, self._sorts, strict=True)
        ]
        odd = [(at, sort) for at, sort in enumerate(self._sorts) if sort in {"day", "number"}]
        for key, *values in each_raw_row(query.values_list("pk", *columns)):
            for at, sort in odd:
                values[at] = plain_of(sort, values[at])
            yield key, dict(zip(self.names, values, strict=True))

    def differences(self, before: Row | None, now: Row) -> Differences:
        """What a record adds that it did not when it was counted, and what it no longer does."""
        if before == now:
            return {}
        then, after = dict(self.adds(before)) if before is not None else {}, dict(self.adds(now))
        return {
            name: [Difference(sign, adds[name]) for sign, adds in ((-1, then), (1, after)) if name in adds]
            for name in {*then, *after}
            if then.get(name) != after.get(name)
        }

    def adds(self, row: Row) -> Iterator[tuple[str, Adds]]:
        """By the name of the series."""
        for one, asked in self._asked:
            at = _moment(one, row)
            if at is not None and all(meets(test, row, _nothing) for test in asked.tests):
                numbers: tuple[int, ...] = ()
                if one.side:
                    part = row[one.fields[0]]
                    numbers = (part, _end(one, row)) if one.side == "begun" else ()
                elif asked.how == "mean":
                    assert asked.value is not None
                    found: Any = amount_of(asked.value, row, 0)
                    part, numbers = found or 0, () if found is None else (found,)
                else:
                    part = int(all(meets(test, row, _nothing) for test in asked.holds))
                yield one.name, Adds(at, part, tuple(row[name] for name in one.dimensions), numbers)


Changed = Mapping[str, tuple[int, Row | None, Row]]  # by number: the key, as it was counted, and as it is
Told = Mapping[str, tuple[int, int]]  # by number: the last entry, and how many there are
Differences = Mapping[str, Sequence[Difference]]  # by series
_Followed = dict[str, tuple[tuple[int, int], Differences]]  # by number: what was told, and what it makes

# What this process found out of each kind since the days were counted; only what was told meanwhile is looked at anew.
_followed: Memory[tuple[str, str], tuple[tuple[Any, ...], _Followed]] = Memory(64)


def differences_since(mark: TallyMark, reader: Callable[[], Reader]) -> Differences | None:
    """What records add since a mark that they did not, and no longer add; None when the records have to be asked."""
    told = told_since(mark, place_of(mark))
    if told is None:
        return None
    version, known = _followed.get((mark.kind, mark.zone)) or ((), {})
    followed: _Followed = dict(known) if version == version_of(mark) else {}
    new = [number for number, stamp in told.items() if number not in followed or followed[number][0] != stamp]
    if new:
        read = reader()
        for number, (_key, before, now) in changed(mark, read, new).items():
            followed[number] = told[number], read.differences(before, now)
        _followed.put((mark.kind, mark.zone), (version_of(mark), followed))
    found: dict[str, list[Difference]] = defaultdict(list)
    for number in told:
        for name, some in followed[number][1].items() if number in followed else ():
            found[name] += some
    return found


def version_of(mark: TallyMark) -> tuple[Any, ...]:
    """Another one whenever days were counted."""
    return mark.turn, mark.sequence, mark.digest, mark.whole_at


def told_since(mark: TallyMark, place: Place) -> Told | None:
    """The records of which something was told since; None when the ledger is another, or they are very many."""
    if is_of_another_ledger(place):
        return None
    query = (
        "SELECT number, MAX(sequence), COUNT(*) FROM records_ledgerentry WHERE kind = %s AND sequence > %s "
        "GROUP BY number LIMIT %s"
    )
    found = rows(query, [mark.kind, unseen_after(mark.kind, place), MANY + 1])
    return {number: (last, count) for number, last, count in found} if len(found) <= MANY else None


def changed(mark: TallyMark, reader: Reader, numbers: Sequence[str]) -> Changed:
    """Some records as they were counted and as they are."""
    model = reader.kind.model
    keys = dict(model.objects.filter(number__in=one_of_numbers(numbers)).values_list("pk", "number"))
    now = dict(reader.rows(keys))
    before = _counted_by(mark, reader, now)
    return {keys[key]: (key, before.get(key), row) for key, row in now.items()}


def amended(one: Series, cell: Cell, changes: Sequence[Difference]) -> Cell:
    """What counts on a day of a series, with the differences that lie on it."""
    whole, part = cell.whole, cell.part
    by = {name: dict(cell.by.get(name, {})) for name in one.dimensions}
    numbers: list[tuple[int, ...]] = []
    if one.has_spread:
        runs = 2 if one.side else 1
        size = len(cell.numbers) // runs
        numbers = [*zip(*(cell.numbers[at * size : (at + 1) * size] for at in range(runs)), strict=True)]
    for sign, adds in changes:
        whole, part = whole + sign, part + sign * adds.part
        for name, key in zip(one.dimensions, adds.by, strict=True):
            add(by[name], key, sign, sign * adds.part)
        if adds.numbers:
            numbers.append(adds.numbers) if sign > 0 else numbers.remove(adds.numbers)
    left = {name: {key: of for key, of in some.items() if of[0]} for name, some in by.items()}
    return Cell(whole, part, left, array("q", [number for run in zip(*sorted(numbers), strict=True) for number in run]))


def _counted_by(mark: TallyMark, reader: Reader, keys: Iterable[int]) -> Mapping[int, Row]:
    """The columns by which records were counted; those that are new have none."""
    wanted = set(keys)
    blocks = sorted({key // TOGETHER for key in wanted})
    if not blocks:
        return {}
    kept = TalliedRecords.objects.filter(kind=mark.kind, block__in=one_of(blocks)).values_list("rows", flat=True)
    lines = (line for piece in kept for line in unpacked(piece) if line[0] in wanted)
    at = [mark.columns.index(name) + 1 for name in reader.names]
    return {line[0]: {name: line[place] for name, place in zip(reader.names, at, strict=True)} for line in lines}


# --- as it is stored ---

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[list[Any]]).decode


def line_of(key: int, row: Row, names: Sequence[str]) -> list[Any]:
    """The key of a record and the columns that it is counted by."""
    return [key, *(row[name] for name in names)]


def packed(lines: Iterable[list[Any]]) -> Iterator[tuple[int, bytes]]:
    """Lines in the order of their keys, in pieces: the number of each, and what it holds."""
    for block, some in groupby(lines, key=lambda line: line[0] // TOGETHER):
        yield block, zlib.compress(_pack([*some]), 1)


def unpacked(kept: bytes | memoryview) -> list[list[Any]]:
    return _unpack(zlib.decompress(kept))


def _moment(one: Series, row: Row) -> int | None:
    """The moment that decides about the day, as `Series.moment` says it."""
    at: int | None = row[one.fields[0]]
    if one.side != "gone" or at is None:
        return at
    end = _end(one, row)
    return None if end == STANDS else max(at, end)


def _end(one: Series, row: Row) -> int:
    ends = [row[name] for name in one.ends if row[name] is not None]
    return min(ends, default=STANDS)


def _names_another(kind: Kind, test: Test) -> bool:
    """Whether a test asks for a certain record of another kind, of which the columns know no number."""
    field: Any = kind.model._meta.get_field(test.field)
    return sort_of(field) == "reference" and any(value is not None for value in test.values)


def _nothing(*_asked: Any) -> Mapping[str, Any]:
    return {}
