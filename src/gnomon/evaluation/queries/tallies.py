"""Sums and spells from days that were counted before; what changed since is asked of the records.

Whatever cannot be answered so, because nothing was counted yet, a definition is another now, or the ledger is, is left
to who asks: he counts from the records, and finds the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from gnomon.evaluation.figures import Figure, counted, mean
from gnomon.evaluation.models import DayTally, TallyMark
from gnomon.evaluation.queries.counting import add, each_raw_row, raw_rows
from gnomon.evaluation.queries.day_cells import by_unpacked, count_cells, numbers_in, numbers_unpacked, standing_in
from gnomon.evaluation.queries.day_counts import count_pieces, day_in
from gnomon.evaluation.queries.runs import Day, Spreads, Standing
from gnomon.evaluation.queries.spells import Spells, spells_of
from gnomon.evaluation.queries.together import Sums
from gnomon.evaluation.queries.touched import Touched, touched_since
from gnomon.evaluation.series import Series, alike, is_daily, series_of, spell_sides
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Cells = Mapping[str, tuple[list[int], list[int]]]  # by series: wholes and parts
CountedBy = dict[Any, tuple[int, int]]


class Tallies:
    """What was counted of each day; the marks are read once, and the days that changed once for each kind."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._touched: dict[str, Touched | None] = {}
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
        return self._changed(one.measure.kind) is not None

    def _changed(self, kind: str) -> Touched | None:
        if kind not in self._touched:
            every = series_of([kind], self._measures)
            fields = sorted({name for one in every for name in one.fields})
            self._touched[kind] = touched_since(self._marks[kind], fields)
        return self._touched[kind]

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
        for _name, _at, cell in count_cells([one], split.pieces):
            for name in names:
                for key, of in cell.by[name].items():
                    add(found[name], key, *of)
        return found

    def spreads(self, measure: Measure, edges: Sequence[datetime]) -> Spreads | None:
        """What each record adds to a mean between moments; None when that was not counted."""
        one = Series(measure)
        if not measure.at or measure.how != "mean" or not is_daily(measure) or not self._knows(one):
            return None
        slots: list[list[array[int]]] = [[] for _edge in edges[1:]]
        split = self._split(one, edges)
        for at, numbers in split.stored("spread"):
            slots[at].append(numbers_unpacked(numbers))
        for place, numbers in numbers_in(one, split.pieces).items():
            slots[split.slot(split.pieces[place].start)].append(numbers)
        return Spreads(edges, slots)

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
        days, late = [], []
        for _at, day, whole, ended, last_end in split.stored("day", "whole", "ended", "last_end"):
            if last_end is None or last_end < then:
                load = cache(partial(_began, one.name, day, then))
                days.append(_day(day_in(_date(day), zone), whole - ended, load))
            else:
                late.append(day)
        # Of these some ended only later.
        for day, numbers in _spreads_of(one.name, late):
            days.append(_those(day_in(_date(day), zone), standing_in(numbers_unpacked(numbers), then)))
        for place, numbers in numbers_in(one, split.pieces).items():
            days.append(_those(split.pieces[place], standing_in(numbers, then)))
        return Standing(at, sorted((day for day in days if day.size), key=lambda day: day.start))

    def _split(self, one: Series, edges: Sequence[datetime], from_the_first: bool = False) -> _Split:
        return _Split(one, edges, _anew(one, self._changed(one.measure.kind) or {}), from_the_first)

    def _cells(self, wanted: Sequence[Series], edges: Sequence[datetime], from_the_first: bool = False) -> Cells:
        """Wholes and parts between each two edges, and before the first when asked for."""
        size = max(len(edges) - 1 + (1 if from_the_first else 0), 0)
        found = {one.name: ([0] * size, [0] * size) for one in wanted}
        for group in alike(wanted).values() if size else ():
            split = self._split(group[0], edges, from_the_first)
            for at, name, whole, part in split.stored("series", "whole", "part", series=[one.name for one in group]):
                found[name][0][at] += whole
                found[name][1][at] += part
            for name, counts in count_pieces(group, split.pieces).items() if split.pieces else ():
                for piece, (whole, part) in zip(split.pieces, counts, strict=True):
                    found[name][0][split.slot(piece.start)] += whole
                    found[name][1][split.slot(piece.start)] += part
        return found


class _Split:
    """Time between edges: days that are believed as they were counted, and pieces that the records are asked about."""

    def __init__(self, one: Series, edges: Sequence[datetime], changed: Collection[date], from_the_first: bool) -> None:
        self._one, self._edges, self._shift = one, edges, 1 if from_the_first else 0
        self._zone = zone = ZoneInfo(settings.TIME_ZONE)
        cut = {at.astimezone(zone).date() for at in edges if day_in(at.astimezone(zone).date(), zone).start != at}
        self._anew = {*changed, *cut}
        self.pieces = _pieces(sorted(self._anew), edges, zone, from_the_first)

    def slot(self, start: datetime) -> int:
        """Between which edges a piece lies."""
        return bisect_right(self._edges, start) - 1 + self._shift

    def stored(self, *columns: str, series: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """The slot of each day that is believed, and what is kept of it."""
        first, last = self._edges[0].astimezone(self._zone).date(), self._edges[-1].astimezone(self._zone).date()
        kept = DayTally.objects.filter(series__in=series or [self._one.name], day__lte=last).order_by("day")
        if not self._shift:
            kept = kept.filter(day__gte=first)
        slots: dict[Any, int] = {}
        size = len(self._edges) - 1 + self._shift
        for day, *row in each_raw_row(kept.values_list("day", *columns)):
            if day not in slots:
                slots[day] = -1 if _date(day) in self._anew else self.slot(day_in(_date(day), self._zone).start)
            if 0 <= slots[day] < size:
                yield slots[day], *row


class TalliedSpells:
    """As `Spells`, from what began and what ended on each day."""

    def __init__(
        self, tallies: Tallies, measure: Measure, edges: Sequence[datetime], begun: tuple[Sequence[int], Sequence[int]],
        gone: tuple[Sequence[int], Sequence[int]],
    ) -> None:  # fmt: skip
        self._tallies, self._measure, self._edges, self._begun, self._gone = tallies, measure, edges, begun, gone

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
        end = self._edges.index(at) + 1
        whole = sum(self._begun[0][:end]) - sum(self._gone[0][:end])
        return whole, sum(self._begun[1][:end]) - sum(self._gone[1][:end])


def _anew(one: Series, changed: Touched) -> set[date]:
    return {day for name in one.fields for day in changed.get(name, ())}


def _day(period: Period, count: int, began: Callable[[], array[int]]) -> Day:
    return Day(milliseconds(period.start), milliseconds(period.end), count, began)


def _those(period: Period, began: array[int]) -> Day:
    return _day(period, len(began), lambda: began)


def _began(series: str, day: Any, at: int) -> array[int]:
    """When each began on a day that stood at a moment."""
    [(_day, numbers)] = _spreads_of(series, [day])
    return standing_in(numbers_unpacked(numbers), at)


def _spreads_of(series: str, days: Sequence[Any]) -> list[tuple[Any, Any]]:
    kept = DayTally.objects.filter(series=series, day__in=[_date(day) for day in days]).order_by()
    return raw_rows(kept.values_list("day", "spread")) if days else []


@lru_cache(maxsize=8_000)
def _date(day: Any) -> date:
    """SQLite answers with text."""
    return day if isinstance(day, date) else date.fromisoformat(day)


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
