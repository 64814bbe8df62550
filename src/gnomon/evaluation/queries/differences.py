"""What changed of the records since they were counted: what each added then, and what it adds now.

Beside what was counted stands by which columns. So a record of which something was told since is a difference of two
lines, whatever else was counted with it; and to look at one that did not change makes none.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from gnomon.evaluation.models import TalliedRecords, TallyMark
from gnomon.evaluation.queries.adding import Adds, Reader
from gnomon.evaluation.queries.positions import Place, is_of_another_ledger, place_of, unseen_after
from gnomon.evaluation.queries.stretches import Row
from gnomon.records.ledger.reading import rows
from gnomon.records.memory import Memory
from gnomon.records.queries.together import one_of, one_of_numbers

# With more records changed than these, whoever looks counts from all of them.
MANY = 5_000
TOGETHER = 64  # records that follow one another, kept in one piece


class Difference(NamedTuple):
    """What a record adds that it did not when it was counted (1), or did and does no longer (-1)."""

    sign: int
    adds: Adds


Changed = Mapping[str, tuple[int, Row | None, Row]]  # by number: the key, as it was counted, and as it is
Told = Mapping[str, tuple[int, int]]  # by number: the last entry, and how many there are
Differences = Mapping[str, Sequence[Difference]]  # by series
_Followed = dict[str, tuple[tuple[int, int], Differences]]  # by number: what was told, and what it makes

# What this process found out of each kind since they were counted; only what was told meanwhile is looked at anew.
_followed: Memory[str, tuple[tuple[Any, ...], _Followed]] = Memory(64)


def differences_since(mark: TallyMark, reader: Callable[[], Reader]) -> Differences | None:
    """What records add since a mark that they did not, and no longer add; None when the records have to be asked."""
    told = told_since(mark, place_of(mark))
    if told is None:
        return None
    version, known = _followed.get(mark.kind) or ((), {})
    followed: _Followed = dict(known) if version == version_of(mark) else {}
    new = [number for number, stamp in told.items() if number not in followed or followed[number][0] != stamp]
    if new:
        read = reader()
        for number, (_key, before, now) in changed(mark, read, new).items():
            followed[number] = told[number], _differences(read, before, now)
        _followed.put(mark.kind, (version_of(mark), followed))
    found: dict[str, list[Difference]] = defaultdict(list)
    for number in told:
        for name, some in followed[number][1].items() if number in followed else ():
            found[name] += some
    return found


def _differences(reader: Reader, before: Row | None, now: Row) -> Differences:
    """What a record adds that it did not when it was counted, and what it no longer does."""
    if before == now:
        return {}
    then, after = dict(reader.adds(before)) if before is not None else {}, dict(reader.adds(now))
    return {
        name: [Difference(sign, adds[name]) for sign, adds in ((-1, then), (1, after)) if name in adds]
        for name in {*then, *after}
        if then.get(name) != after.get(name)
    }


def version_of(mark: TallyMark) -> tuple[Any, ...]:
    """Another one whenever anything was counted."""
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


def packed(lines: Iterable[list[Any]]) -> Iterator[tuple[int, bytes]]:
    """Lines in the order of their keys, in pieces: the number of each, and what it holds."""
    for block, some in groupby(lines, key=lambda line: line[0] // TOGETHER):
        yield block, zlib.compress(_pack([*some]), 1)


def unpacked(kept: bytes | memoryview) -> list[list[Any]]:
    return _unpack(zlib.decompress(kept))
