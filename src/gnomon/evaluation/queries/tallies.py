"""Sums and spells from days that were counted before, with what records add by now that changed since.

Whatever cannot be answered so, because nothing was counted yet, a definition is another now, or the ledger is, is left
to who asks: he counts from the records, and finds the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache, partial
from itertools import accumulate, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from gnomon.evaluation.figures import Figure, counted, mean
from gnomon.evaluation.models import DayTally, TallyMark
from gnomon.evaluation.queries.counting import add, each_raw_row, raw_rows
from gnomon.evaluation.queries.day_cells import by_unpacked, count_cells, numbers_in, numbers_unpacked, standing_in
from gnomon.evaluation.queries.day_counts import count_pieces, day_in
from gnomon.evaluation.queries.differences import Difference, Differences, Reader, differences_since, version_of
from gnomon.evaluation.queries.runs import Day, Spreads, Standing
from gnomon.evaluation.queries.spells import Spells, spells_of
from gnomon.evaluation.queries.together import Sums
from gnomon.evaluation.series import Series, alike, is_daily, series_of, spell_sides
from gnomon.jobs.moments import milliseconds, moment
from gnomon.records.memory import Memory
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Cells = Mapping[str, tuple[list[int], list[int]]]  # by series: wholes and parts
CountedBy = dict[Any, tuple[int, int]]


class Days:
    """The days of a series in order, when each begins, and running sums of what was counted of them."""

    def __init__(self, rows: Sequence[tuple[date, int, int]], zone: ZoneInfo) -> None:
        self._starts = array("q", [milliseconds(day_in(day, zone).start) for day, _whole, _part in rows])
        self._wholes = [0, *accumulate(whole for _day, whole, _part in rows)]
        self._parts = [0, *accumulate(part for _day, _whole, part in rows)]

    def between(self, first: int | None, end: int, without: Sequence[int]) -> tuple[int, int]:
        """Whole and part of the days that begin between two moments, without those that begin at some."""
        low = 0 if first is None else bisect_left(self._starts, first)
        high = bisect_left(self._starts, end)
        whole, part = self._wholes[high] - self._wholes[low], self._parts[high] - self._parts[low]
        for start in without:
            at = bisect_left(self._starts, start, low, high)
            if at < high and self._starts[at] == start:
                whole -= self._wholes[at + 1] - self._wholes[at]
                part -= self._parts[at + 1] - self._parts[at]
        return whole, part


# The days of each kind, as long as none is counted anew.
_days: Memory[tuple[str, str], tuple[tuple[Any, ...], Mapping[str, Days]]] = Memory(64)


class Tallies:
    """What was counted of each day; the marks are read once, and what changed since once for each kind."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._changed: dict[str, Differences | None] = {}
        self._standing: dict[tuple[str, datetime], Standing] = {}

    @cached_property
    def _marks(self) -> Mapping[str, TallyMark]:
        return {mark.kind: mark for mark in TallyMark.objects.filter(zone=settings.TIME_ZONE)}

    def sums(self, wanted: Sequence[Measure], edges: Sequence[datetime]) -> dict[str, Sums]:
        """Sums between moments, of those measures that were counted day by day."""
        able = [Series(one) for one in wanted if one.at and is_daily(one) and self._knows(Series(one))]
        cells = self._cells(able, edges)
        return {one.name: Sums(one.measure, edges, *cells[one.name]) for one in able}

    def spells(self, measure: Measure, ends: Sequence[datetime]) -> TalliedSpells | None:
        """What stood at each of some moments; None when that was not counted."""
        sides = spell_sides(measure, self._measures)
        if not is_daily(measure) or not all(self._knows(side) for side in sides):
            return None
        edges = sorted(set(ends))
        cells = self._cells(sides, edges, from_the_first=True)
        return TalliedSpells(self, measure, edges, *(cells[side.name] for side in sides))

    def _knows(self, one: Series) -> bool:
        mark = self._marks.get(one.measure.kind)
        if mark is None or mark.definitions.get(one.name) != one.definition:
            return False
        return self._differences(one.measure.kind) is not None

    def _differences(self, kind: str) -> Differences | None:
        if kind not in self._changed:
            mark = self._marks[kind]
            self._changed[kind] = differences_since(mark, lambda: Reader(self._known(mark)))
        return self._changed[kind]

    def _known(self, mark: TallyMark) -> list[Series]:
        every = series_of([mark.kind], self._measures)
        return [one for one in every if mark.definitions.get(one.name) == one.definition]

    def _days(self, one: Series) -> Days:
        """The days of a series, which this process reads once for all series of a kind."""
        mark = self._marks[one.measure.kind]
        version, known = version_of(mark), _days.get((mark.kind, mark.zone))
        if known is None or known[0] != version:
            rows: dict[str, list[tuple[date, int, int]]] = {name: [] for name in mark.definitions}
            kept = DayTally.objects.filter(series__in=list(rows)).order_by("day")
            for name, day, whole, part in each_raw_row(kept.values_list("series", "day", "whole", "part")):
                rows[name].append((_date(day), whole, part))
            known = version, {name: Days(some, ZoneInfo(mark.zone)) for name, some in rows.items()}
            _days.put((mark.kind, mark.zone), known)
        return known[1][one.name]

    def counts_by(self, measure: Measure, period: Period, names: Sequence[str]) -> Mapping[str, CountedBy] | None:
        """Whole and part for each value of some dimensions; None when that was not counted."""
        one = Series(measure)
        if not measure.at or not is_daily(measure) or not set(names) <= set(one.dimensions) or not self._knows(one):
            return None
        found: dict[str, CountedBy] = {name: {} for name in names}
        split = self._split(one, [period.start, period.end])
        for _at, by in split.stored("by"):
            kept = by_unpacked(by)
            for name in names:
                for key, whole, part in kept.get(name, ()):
                    add(found[name], key, whole, part)
        for _at, (sign, adds) in split.changed:
            for name in names:
                add(found[name], adds.by[one.dimensions.index(name)], sign, sign * adds.part)
        for _name, _at, cell in count_cells([one], split.pieces):
            for name in names:
                for key, of in cell.by[name].items():
                    add(found[name], key, *of)
        return {name: {key: of for key, of in some.items() if of[0]} for name, some in found.items()}

    def spreads(self, measure: Measure, edges: Sequence[datetime]) -> Spreads | None:
        """What each record adds to a mean between moments; None when that was not counted."""
        one = Series(measure)
        if not measure.at or measure.how != "mean" or not is_daily(measure) or not self._knows(one):
            return None
        slots: list[list[array[int]]] = [[] for _edge in edges[1:]]
        without: list[list[array[int]]] = [[] for _edge in edges[1:]]
        split = self._split(one, edges)
        for at, numbers in split.stored("spread"):
            slots[at].append(numbers_unpacked(numbers))
        more: dict[tuple[int, int], list[int]] = defaultdict(list)
        for at, (sign, adds) in split.changed:
            more[sign, at] += adds.numbers
        for (sign, at), found in more.items():
            (slots if sign > 0 else without)[at].append(array("q", sorted(found)))
        for place, numbers in numbers_in(one, split.pieces).items():
            slots[split.slot(split.pieces[place].start)].append(numbers)
        return Spreads(edges, slots, without)

    def standing(self, measure: Measure, at: datetime) -> Standing | None:
        """What stands at a moment by when it began; None when that was not counted."""
        one = spell_sides(measure, self._measures)[0]
        if not is_daily(measure) or not self._knows(one):
            return None
        if (one.name, at) not in self._standing:
            self._standing[one.name, at] = self._read_standing(one, at)
        return self._standing[one.name, at]

    def _read_standing(self, one: Series, at: datetime) -> Standing:
        split, then, zone = self._split(one, [at], from_the_first=True), milliseconds(at), ZoneInfo(settings.TIME_ZONE)
        changed: dict[date, list[tuple[int, int]]] = defaultdict(list)  # sign, and when it began
        for _at, (sign, adds) in split.changed:
            changed[_day_of(adds.at, zone)] += [(sign, start) for start in standing_in(array("q", adds.numbers), then)]
        came: dict[Any, Sequence[tuple[int, int]]] = {}
        load = cache(lambda day: _began(one.name, day, then, came.get(day, ())))
        days, late = [], []
        for _at, day, whole, ended, last_end in split.stored("day", "whole", "ended", "last_end"):
            if last_end is None or last_end < then:
                came[day] = some = changed.pop(_date(day), ())
                count = whole - ended + sum(sign for sign, _at in some)
                days.append(_day(day_in(_date(day), zone), count, partial(load, day)))
            else:
                late.append(day)
        # Of these some ended only later.
        for day, numbers in _spreads_of(one.name, late):
            began = standing_in(numbers_unpacked(numbers), then)
            days.append(_those(day_in(_date(day), zone), _changed(began, changed.pop(_date(day), []))))
        for new, some in changed.items():
            days.append(_those(day_in(new, zone), _changed(array("q"), some)))
        for place, numbers in numbers_in(one, split.pieces).items():
            days.append(_those(split.pieces[place], standing_in(numbers, then)))
        return Standing(at, sorted((day for day in days if day.size), key=lambda day: day.start))

    def _split(self, one: Series, edges: Sequence[datetime], from_the_first: bool = False) -> _Split:
        changed = self._differences(one.measure.kind) or {}
        return _Split(one, edges, changed.get(one.name, ()), from_the_first)

    def _cells(self, wanted: Sequence[Series], edges: Sequence[datetime], from_the_first: bool = False) -> Cells:
        """Wholes and parts between each two edges, and before the first when asked for."""
        size = max(len(edges) - 1 + (1 if from_the_first else 0), 0)
        found = {one.name: ([0] * size, [0] * size) for one in wanted}
        bounds = [None, *map(milliseconds, edges)] if from_the_first else [*map(milliseconds, edges)]
        for group in alike(wanted).values() if size else ():
            for one in group:
                split, (wholes, parts), days = self._split(one, edges, from_the_first), found[one.name], self._days(one)
                for at, (first, end) in enumerate(pairwise(bounds)):
                    wholes[at], parts[at] = days.between(first, end or 0, split.cut)
                for at, (sign, adds) in split.changed:
                    wholes[at] += sign
                    parts[at] += sign * adds.part
            for name, counts in count_pieces(group, split.pieces).items() if split.pieces else ():
                for piece, (whole, part) in zip(split.pieces, counts, strict=True):
                    found[name][0][split.slot(piece.start)] += whole
                    found[name][1][split.slot(piece.start)] += part
        return found


class _Split:
    """Time between edges: days that are believed as they were counted, with what `changed` since, and pieces of days
    that edges cut, which the records are asked about."""

    def __init__(
        self, one: Series, edges: Sequence[datetime], changed: Sequence[Difference], from_the_first: bool
    ) -> None:
        self._one, self._edges, self._shift = one, edges, 1 if from_the_first else 0
        self._turns = [*map(milliseconds, edges)]
        self._zone = zone = ZoneInfo(settings.TIME_ZONE)
        self._cut = sorted({day for at in edges if day_in(day := at.astimezone(zone).date(), zone).start != at})
        self.cut = [milliseconds(day_in(day, zone).start) for day in self._cut]
        self.pieces = _pieces(self._cut, edges, zone, from_the_first)
        self._changed = changed

    @cached_property
    def changed(self) -> list[tuple[int, Difference]]:
        """Between which edges what changed lies, but for the days that are cut."""
        size = len(self._edges) - 1 + self._shift
        found = [(bisect_right(self._turns, one.adds.at) - 1 + self._shift, one) for one in self._changed]
        return [(at, one) for at, one in found if 0 <= at < size and _day_of(one.adds.at, self._zone) not in self._cut]

    def slot(self, start: datetime) -> int:
        """Between which edges a piece lies."""
        return bisect_right(self._edges, start) - 1 + self._shift

    def stored(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """The slot of each day that is believed, and what is kept of it."""
        first, last = self._edges[0].astimezone(self._zone).date(), self._edges[-1].astimezone(self._zone).date()
        kept = DayTally.objects.filter(series=self._one.name, day__lte=last).order_by("day")
        if not self._shift:
            kept = kept.filter(day__gte=first)
        size = len(self._edges) - 1 + self._shift
        for day, *row in each_raw_row(kept.values_list("day", *columns)):
            at = -1 if _date(day) in self._cut else self.slot(day_in(_date(day), self._zone).start)
            if 0 <= at < size:
                yield at, *row


class TalliedSpells:
    """As `Spells`, from what began and what ended on each day."""

    def __init__(
        self, tallies: Tallies, measure: Measure, edges: Sequence[datetime], begun: tuple[Sequence[int], Sequence[int]],
        gone: tuple[Sequence[int], Sequence[int]],
    ) -> None:  # fmt: skip
        self._tallies, self._measure, self._edges = tallies, measure, edges
        wholes, parts = zip(begun, gone, strict=True)
        self._counts, self._starts = (
            [*accumulate(one - other for one, other in zip(*pair, strict=True))] for pair in (wholes, parts)
        )

    def count(self, at: datetime) -> Figure:
        """How many stood."""
        return counted(self._stood(at)[0])

    def mean_age(self, at: datetime, scale: float) -> Figure:
        """How long they had stood on average, without the spread."""
        count, starts = self._stood(at)
        return Figure((milliseconds(at) * count - starts) / count / scale, count) if count else mean([])

    def ages(self, at: datetime, scale: float) -> Figure:
        """The same with median and 90th percentile."""
        standing = self._tallies.standing(self._measure, at)
        if standing is None:
            spells: Spells = spells_of(self._measure, at, at, {})
            return spells.ages(at, scale)
        return standing.ages(self._stood(at)[1], scale)

    def _stood(self, at: datetime) -> tuple[int, int]:
        place = bisect_left(self._edges, at)
        return self._counts[place], self._starts[place]


def _day(period: Period, count: int, began: Callable[[], array[int]]) -> Day:
    return Day(milliseconds(period.start), milliseconds(period.end), count, began)


def _those(period: Period, began: array[int]) -> Day:
    return _day(period, len(began), lambda: began)


def _began(series: str, day: Any, at: int, changed: Collection[tuple[int, int]]) -> array[int]:
    """When each began on a day that stood at a moment."""
    [(_day, numbers)] = _spreads_of(series, [day])
    return _changed(standing_in(numbers_unpacked(numbers), at), changed)


def _changed(began: array[int], changed: Collection[tuple[int, int]]) -> array[int]:
    """The moments with those that came to them, and without those that went."""
    if not changed:
        return began
    left = [*began, *(at for sign, at in changed if sign > 0)]
    for sign, at in changed:
        if sign < 0:
            left.remove(at)
    return array("q", sorted(left))


def _spreads_of(series: str, days: Sequence[Any]) -> list[tuple[Any, Any]]:
    kept = DayTally.objects.filter(series=series, day__in=[_date(day) for day in days]).order_by()
    return raw_rows(kept.values_list("day", "spread")) if days else []


@lru_cache(maxsize=8_000)
def _date(day: Any) -> date:
    """SQLite answers with text."""
    return day if isinstance(day, date) else date.fromisoformat(day)


def _day_of(at: int, zone: ZoneInfo) -> date:
    return moment(at).astimezone(zone).date()


def _pieces(days: Sequence[date], edges: Sequence[datetime], zone: ZoneInfo, from_the_first: bool) -> list[Period]:
    """Days, cut at the edges; what lies outside of them is left out."""
    pieces = []
    for day in days:
        whole = day_in(day, zone)
        start = whole.start if from_the_first else max(whole.start, edges[0])
        end = min(whole.end, edges[-1])
        inner = edges[bisect_left(edges, start) : bisect_left(edges, end)]
        cuts = [start, *(at for at in inner if at > start), end]
        pieces += [Period(one, other) for one, other in pairwise(cuts) if one < other]
    return pieces
