"""What counts of a series between moments, or stands at one: masks over the columns that are kept, and what changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gnomon.evaluation.planes import BIAS, Numbers, Part, below, equal, part_of, parted
from gnomon.evaluation.queries.adding import Adds
from gnomon.evaluation.queries.counting import add
from gnomon.evaluation.queries.differences import Difference
from gnomon.evaluation.queries.kept_columns import Columns, Kept
from gnomon.evaluation.queries.narrowing import Values
from gnomon.evaluation.queries.stretches import AT, bounds_of, moment_of
from gnomon.evaluation.series import Series

CountedBy = dict[Any, tuple[int, int]]  # by value of a dimension: whole and part


class Some:
    """Some records of a series: those of masks over columns, with what changed of them since."""

    def __init__(self, one: Series) -> None:
        self._one = one
        self.kept: list[tuple[Columns, int]] = []
        self.changed: list[Difference] = []

    @property
    def whole(self) -> int:
        """How many there are."""
        return sum(mask.bit_count() for _columns, mask in self.kept) + sum(sign for sign, _adds in self.changed)

    @property
    def part(self) -> int:
        """What they add up to: those that keep a share, or the numbers of each; else how many there are."""
        one = self._one
        if one.has_number:
            return self.values.total
        if one.measure.how != "share":
            return self.whole
        kept = sum(also(columns, one.holds, mask).bit_count() for columns, mask in self.kept)
        return kept + sum(sign for sign, adds in self.changed if adds.holds)

    @property
    def values(self) -> Numbers:
        """Their numbers, of those that have one."""
        one = self._one
        parts = [Part(1, columns[one.number].planes, also(columns, one.numbered, mask)) for columns, mask in self.kept]
        return self._numbers(parts, lambda adds: adds.number)

    @property
    def beginnings(self) -> Numbers:
        """Their moments."""
        return self._numbers([Part(1, columns[AT].planes, mask) for columns, mask in self.kept], lambda adds: adds.at)

    def _numbers(self, parts: list[Part], changed: Callable[[Adds], int | None]) -> Numbers:
        for sign in (1, -1):
            told = [changed(one.adds) for one in self.changed if one.sign == sign]
            if told:
                parts.append(part_of(sign, [number for number in told if number is not None]))
        return Numbers(parts)

    def by(self, name: str) -> CountedBy:
        """Whole and part for each value of a dimension."""
        found: CountedBy = {}
        for columns, mask in self.kept:
            for at, some in parted(columns[name].planes, mask):
                of = Some(self._one)
                of.kept.append((columns, some))
                add(found, columns[name].values[at], of.whole, of.part)
        place = self._one.dimensions.index(name)
        for sign, adds in self.changed:
            counts = adds.holds or self._one.measure.how != "share"
            add(found, adds.by[place], sign, sign if counts else 0)
        return {key: of for key, of in found.items() if of[0]}


class Counted:
    """A series, or the part of it that a narrowing lets through, as it is kept and as it changed since."""

    def __init__(self, one: Series, kept: Kept, differences: Iterable[Difference], values: Values) -> None:
        self._one, self._kept, self._values = one, kept, values
        self._moment = moment_of(one)
        self._changed = [change for change in differences if self._lets_through(change)]

    def between(self, edges: Sequence[int], names: Sequence[str] = ()) -> list[Some]:
        """What counts from each edge to the next; `names` are further columns that are wanted of it."""
        found = [Some(self._one) for _edge in edges[1:]]
        if not found:
            return found
        first, last = edges[0], edges[-1]
        for stretch, columns in self._columns(first, last, names).items():
            start, end = bounds_of(stretch)
            mask, gone = self._mask(columns), 0
            low = max(bisect_right(edges, start) - 1, 0)
            if start < first:
                gone = mask & self._kept.before(self._moment, stretch, first, columns)
            for slot in range(low, len(found)):
                before = mask
                if edges[slot + 1] < end:
                    before &= self._kept.before(self._moment, stretch, edges[slot + 1], columns)
                if before != gone:
                    found[slot].kept.append((columns, before ^ gone))
                gone = before
                if end <= edges[slot + 1]:
                    break
        for change in self._changed:
            if first <= change.adds.at < last:
                found[bisect_right(edges, change.adds.at) - 1].changed.append(change)
        return found

    def standing(self, at: int) -> Some:
        """What began before a moment and had not ended then."""
        found, one = Some(self._one), self._one
        for stretch, columns in self._columns(None, at, ()).items():
            mask = self._mask(columns)
            if bounds_of(stretch)[1] > at:
                mask = below(columns[AT].planes, at + BIAS, mask)
            ended = below(columns[one.number].planes, at + BIAS, also(columns, one.numbered, mask))
            if mask != ended:
                found.kept.append((columns, mask ^ ended))
        for change in self._changed:
            end = change.adds.number
            if change.adds.at < at and (end is None or end >= at):
                found.changed.append(change)
        return found

    def _columns(self, first: int | None, last: int, names: Sequence[str]) -> Mapping[int, Columns]:
        one = self._one
        wanted = {AT, one.name, *self._values, *names}
        if one.has_number:
            wanted |= {one.number, one.numbered}
        if one.measure.how == "share":
            wanted.add(one.holds)
        stretches = [
            stretch
            for stretch in self._kept.stretches(self._moment)
            if bounds_of(stretch)[0] < last and (first is None or bounds_of(stretch)[1] > first)
        ]
        return self._kept.columns(self._moment, stretches, sorted(wanted))

    def _mask(self, columns: Columns) -> int:
        """Those that count, and that the narrowing lets through."""
        mask = next(iter(columns[self._one.name].planes), 0)
        for name, values in self._values.items():
            planes, known = columns[name]
            some = 0
            for at, value in enumerate(known):
                if value in values:
                    some |= equal(planes, at, mask)
            mask = some
        return mask

    def _lets_through(self, change: Difference) -> bool:
        told = dict(zip(self._one.dimensions, change.adds.by, strict=True))
        return all(told[name] in values for name, values in self._values.items())


def also(columns: Columns, flag: str, mask: int) -> int:
    """Those of a mask that have a flag too."""
    return mask & next(iter(columns[flag].planes), 0)
