"""Sums and spells from days that were counted before; what changed since is asked of the records.

Whatever cannot be answered so, because nothing was counted yet, a definition is another now, or the ledger is, is left
to who asks: he counts from the records, and finds the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings

from gnomon.evaluation.figures import Figure, counted, mean
from gnomon.evaluation.models import DayTally, TallyMark
from gnomon.evaluation.queries.counting import raw_rows
from gnomon.evaluation.queries.day_counts import count_pieces, day_in
from gnomon.evaluation.queries.spells import Spells, spells_of
from gnomon.evaluation.queries.together import Sums
from gnomon.evaluation.queries.touched import Touched, touched_since
from gnomon.evaluation.series import Series, alike, is_daily, series_of, spell_sides
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Cells = Mapping[str, tuple[list[int], list[int]]]  # by series: wholes and parts


class Tallies:
    """What was counted of each day; the marks are read once, and the days that changed once for each kind."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._touched: dict[str, Touched | None] = {}

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
        return TalliedSpells(measure, edges, *(cells[side.name] for side in sides))

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

    def _cells(self, wanted: Sequence[Series], edges: Sequence[datetime], from_the_first: bool = False) -> Cells:
        """Wholes and parts between each two edges, and before the first when asked for."""
        zone = ZoneInfo(settings.TIME_ZONE)
        shift = 1 if from_the_first else 0
        size = max(len(edges) - 1 + shift, 0)
        found = {one.name: ([0] * size, [0] * size) for one in wanted}
        if not wanted or not size:
            return found
        split = {at.astimezone(zone).date() for at in edges if day_in(at.astimezone(zone).date(), zone).start != at}
        anew = {one.name: _anew(one, self._changed(one.measure.kind) or {}) | split for one in wanted}
        first, last = edges[0].astimezone(zone).date(), edges[-1].astimezone(zone).date()
        days: dict[date, int] = {}
        for name, day, whole, part in _stored(list(found), None if from_the_first else first, last):
            if day not in days:
                days[day] = bisect_right(edges, day_in(day, zone).start) - 1 + shift
            if day not in anew[name] and 0 <= (at := days[day]) < size:
                found[name][0][at] += whole
                found[name][1][at] += part
        for group in alike(wanted).values():
            pieces = _pieces(sorted(anew[group[0].name]), edges, zone, from_the_first)
            for name, counts in count_pieces(group, pieces).items() if pieces else ():
                for piece, (whole, part) in zip(pieces, counts, strict=True):
                    at = bisect_right(edges, piece.start) - 1 + shift
                    found[name][0][at] += whole
                    found[name][1][at] += part
        return found


class TalliedSpells:
    """As `Spells`, from what began and what ended on each day; only the spread at a moment is read from the records."""

    def __init__(
        self, measure: Measure, edges: Sequence[datetime], begun: tuple[Sequence[int], Sequence[int]],
        gone: tuple[Sequence[int], Sequence[int]],
    ) -> None:  # fmt: skip
        self._measure, self._edges, self._begun, self._gone = measure, edges, begun, gone

    def count(self, at: datetime) -> Figure:
        """How many stood."""
        return counted(self._stood(at)[0])

    def mean_age(self, at: datetime, scale: float) -> Figure:
        """How long they had stood on average, without the spread."""
        count, starts = self._stood(at)
        return Figure((milliseconds(at) * count - starts) / count / scale, count) if count else mean([])

    def ages(self, at: datetime, scale: float) -> Figure:
        """The same with median and 90th percentile."""
        spells: Spells = spells_of(self._measure, at, at, {})
        return spells.ages(at, scale)

    def _stood(self, at: datetime) -> tuple[int, int]:
        end = self._edges.index(at) + 1
        whole = sum(self._begun[0][:end]) - sum(self._gone[0][:end])
        return whole, sum(self._begun[1][:end]) - sum(self._gone[1][:end])


def _anew(one: Series, changed: Touched) -> set[date]:
    return {day for name in one.fields for day in changed.get(name, ())}


def _stored(names: Sequence[str], first: date | None, last: date) -> list[tuple[str, date, int, int]]:
    kept = DayTally.objects.filter(series__in=names, day__lte=last).order_by()
    if first is not None:
        kept = kept.filter(day__gte=first)
    return [
        (name, day if isinstance(day, date) else date.fromisoformat(day), whole, part)
        for name, day, whole, part in raw_rows(kept.values_list("series", "day", "whole", "part"))
    ]


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
