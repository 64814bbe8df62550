"""What is kept of a day beside its sum: the same by some dimensions, and each number that a spread is taken of."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db.models import F

from gnomon.evaluation.asking import stands_of
from gnomon.evaluation.queries.counting import add, each_raw_row, in_milliseconds
from gnomon.evaluation.queries.day_counts import grouped, placed
from gnomon.evaluation.series import Series, alike
from gnomon.records.conditions import amount, earliest
from gnomon.records.kinds import kind_named
from gnomon.standard.periods import Period

# Pieces of time at once: the records of a month are held in memory, not those of a year.
AT_ONCE = 31
STANDS = -1  # in place of an end

Counted = Mapping[Any, tuple[int, int]]  # by value of a dimension: whole and part


class Cell(NamedTuple):
    """Whole and part of a piece of time, the same by dimension and value, and its numbers in order.

    Of what began, `numbers` are when each began, in order, and then when each ended, or STANDS.
    """

    whole: int
    part: int
    by: Mapping[str, Counted]
    numbers: array[int]


def count_cells(wanted: Sequence[Series], pieces: Sequence[Period]) -> Iterator[tuple[str, int, Cell]]:
    """Series, place of the piece, and what counts there, from the records themselves; nothing of empty pieces."""
    for start in range(0, len(pieces), AT_ONCE):
        some = pieces[start : start + AT_ONCE]
        for group in alike(wanted).values():
            for name, place, cell in _cells(group, some, pieces[-1].end):
                yield name, start + place, cell


def _cells(group: Sequence[Series], pieces: Sequence[Period], at: datetime) -> Iterator[tuple[str, int, Cell]]:
    names = list(dict.fromkeys(name for one in group for name in one.dimensions))
    fields: list[Any] = [kind_named(group[0].measure.kind).model._meta.get_field(name) for name in names]
    columns = [field.attname for field in fields]
    found: list[dict[int, list[Any]]] = [{} for _one in group]
    kept = [[(names.index(name), name) for name in one.dimensions] for one in group]
    for place, *row in grouped(group, pieces, columns, {}, at):
        values, wholes, parts = row[: len(names)], row[len(names) : len(names) + len(group)], row[-len(group) :]
        for n, whole in enumerate(wholes):
            if not whole:
                continue
            part = int(parts[n] or 0)
            cell = found[n].setdefault(place, [0, 0, {name: {} for _at, name in kept[n]}])
            cell[0] += whole
            cell[1] += part
            for column, name in kept[n]:
                add(cell[2][name], values[column], whole, part)
    for n, one in enumerate(group):
        numbers = numbers_in(one, pieces) if one.has_spread and found[n] else {}
        for place, (whole, part, by) in found[n].items():
            yield one.name, place, Cell(whole, part, by, numbers.get(place) or array("q"))


def numbers_in(one: Series, pieces: Sequence[Period]) -> Mapping[int, array[int]]:
    """The numbers of each piece, by its place, from the records themselves."""
    if not pieces:
        return {}
    records = placed([one], pieces, {}, pieces[-1].end)
    if not one.side:
        assert one.measure.value is not None
        found: dict[int, list[int]] = {}
        for place, value in each_raw_row(records.values_list("place", amount(one.measure.value))):
            if value is not None:
                found.setdefault(place, []).append(value)
        return {place: array("q", sorted(values)) for place, values in found.items()}
    stands = stands_of(one.measure)
    spells: dict[int, list[tuple[int, int]]] = {}
    query = records.annotate(spell_end=in_milliseconds(earliest(stands.ends)))
    for place, began, ended in each_raw_row(query.values_list("place", in_milliseconds(F(stands.start)), "spell_end")):
        spells.setdefault(place, []).append((began, STANDS if ended is None else ended))
    pairs = {place: sorted(some) for place, some in spells.items()}
    return {
        place: array("q", [*(began for began, _end in some), *(end for _began, end in some)])
        for place, some in pairs.items()
    }


def ends_of(numbers: array[int]) -> array[int]:
    """When each of what began ended."""
    return numbers[len(numbers) // 2 :]


def standing_in(numbers: array[int], at: int) -> array[int]:
    """When each began that stood at a moment, in order."""
    half = len(numbers) // 2
    spells = zip(numbers[:half], numbers[half:], strict=True)
    return array("q", [began for began, end in spells if began < at and not 0 <= end < at])


# --- as it is stored ---


def by_packed(by: Mapping[str, Counted]) -> bytes:
    return msgspec.msgpack.encode({name: [[key, *of] for key, of in counted.items()] for name, counted in by.items()})


_by = msgspec.msgpack.Decoder(dict[str, list[tuple[Any, int, int]]])


def by_unpacked(kept: bytes | memoryview) -> Mapping[str, Sequence[tuple[Any, int, int]]]:
    """By dimension: value, whole, part."""
    return _by.decode(kept) if kept else {}


def numbers_packed(numbers: array[int]) -> bytes:
    return zlib.compress(numbers.tobytes(), 1) if numbers else b""


def numbers_unpacked(kept: bytes | memoryview) -> array[int]:
    found = array("q")
    if kept:
        found.frombytes(zlib.decompress(kept))
    return found
