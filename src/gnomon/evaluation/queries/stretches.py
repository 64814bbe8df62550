"""What is kept of the records that count at moments in a stretch of time: a column for each thing asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

import msgspec
import zstandard

from gnomon.evaluation.planes import BIAS, Planes, equal, planes_of
from gnomon.evaluation.series import Series

# About 25 days: what changed lately lies in few stretches, and a year has few enough of them.
BITS = 31
AT = "at"

Form = Literal["number", "value", "flag"]
Row = Mapping[str, Any]


def stretch_of(at: int) -> int:
    """The stretch that a moment lies in."""
    return at >> BITS


def bounds_of(stretch: int) -> tuple[int, int]:
    """When a stretch begins and when the next does."""
    return stretch << BITS, stretch + 1 << BITS


class Group:
    """Series that look at the same moment, and the columns that are kept for them."""

    def __init__(self, series: Sequence[Series]) -> None:
        self.series = series
        self.kind = series[0].measure.kind
        self.moment = moment_of(series[0])
        self.dimensions = tuple(dict.fromkeys(name for one in series for name in one.dimensions))

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """What sort of column each is."""
        forms: dict[str, Form] = {AT: "number", **dict.fromkeys(self.dimensions, "value")}
        for one in self.series:
            forms[one.name] = "flag"
            if one.measure.how == "share":
                forms[one.holds] = "flag"
            if one.has_number:
                forms |= {one.number: "number", one.numbered: "flag"}
        return forms


def moment_of(one: Series) -> str:
    """Under which name the columns of a series are kept."""
    return ",".join(one.fields)


class Column(NamedTuple):
    """The planes of a column; of a dimension they number its `values`."""

    planes: Planes
    values: list[Any]


class Stretch:
    """All columns of a stretch; the order of the rows means nothing."""

    def __init__(self, forms: Mapping[str, Form], columns: Mapping[str, Column] | None = None, size: int = 0) -> None:
        self._forms = forms
        self.size = size
        self.columns = dict(columns) if columns is not None else {name: Column([], []) for name in forms}

    def add(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Further rows, column by column."""
        for name, form in self._forms.items():
            planes, values = self.columns[name]
            more = planes_of(_numbered(form, rows[name], values))
            wide = max(len(planes), len(more))
            joined = [
                low | high << self.size for low, high in zip(_filled(planes, wide), _filled(more, wide), strict=True)
            ]
            self.columns[name] = Column(joined, values)
        self.size += len(rows[AT])

    def remove(self, row: Row) -> None:
        """One row that is like this one; the last takes its place."""
        mask = (1 << self.size) - 1
        for name, form in self._forms.items():
            planes, values = self.columns[name]
            (number,) = _numbered(form, [row[name]], values)
            mask = equal(planes, number, mask)
        assert mask, f"No such row: {row}"
        place = (mask & -mask).bit_length() - 1
        self.size -= 1
        for name, (planes, values) in self.columns.items():
            self.columns[name] = Column([_without(plane, place, self.size) for plane in planes], values)


def _filled(planes: Planes, wide: int) -> list[int]:
    return [*planes, *[0] * (wide - len(planes))]


def _without(plane: int, place: int, last: int) -> int:
    bit = plane >> last & 1
    plane ^= bit << last
    return plane ^ (((plane >> place & 1) ^ bit) << place) if place < last else plane


def _numbered(form: Form, raws: Sequence[Any], values: list[Any]) -> Iterable[int]:
    """The numbers that planes are made of; values that are new get the next."""
    if form == "flag":
        return [1 if raw else 0 for raw in raws]
    if form == "number":
        return [0 if raw is None else raw + BIAS for raw in raws]
    known = {value: at for at, value in enumerate(values)}
    for raw in raws:
        if raw not in known:
            known[raw] = len(values)
            values.append(raw)
    return [known[raw] for raw in raws]


# --- as it is stored ---


class _Packed(NamedTuple):
    values: list[Any]
    planes: bytes


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Packed).decode


def column_packed(column: Column, size: int) -> bytes:
    """A column as bytes."""
    octets = b"".join(plane.to_bytes(_wide(size), "little") for plane in column.planes)
    return zstandard.compress(_pack(_Packed(column.values, octets)), 1)


def column_unpacked(kept: bytes | memoryview, size: int) -> Column:
    """A column of bytes."""
    values, octets = _unpack(zstandard.decompress(kept))
    wide = _wide(size)
    starts = range(0, len(octets), wide)
    return Column([int.from_bytes(octets[start : start + wide], "little") for start in starts], values)


def _wide(size: int) -> int:
    return (size + 7) // 8
