"""Sums, spreads and spells from what was counted before, with what records add by now that changed since.

Whatever cannot be answered so, because nothing was counted yet, a definition is another now, or the ledger is, is left
to who asks: he counts from the records, and finds the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import accumulate

from gnomon.evaluation.figures import Figure, counted, mean, mean_of
from gnomon.evaluation.models import TallyMark
from gnomon.evaluation.planes import Numbers, part_of
from gnomon.evaluation.queries.adding import Reader
from gnomon.evaluation.queries.counted import Counted, CountedBy
from gnomon.evaluation.queries.differences import Differences, differences_since
from gnomon.evaluation.queries.kept_columns import Kept
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.narrowing import Values, values_of
from gnomon.evaluation.queries.together import Sums
from gnomon.evaluation.series import Series, series_of, spell_sides
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


class Tallies:
    """What was counted, of all records or of a part; the marks are read once, and what changed since once for each kind."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
        self._measures = measures
        self._changed: dict[str, Differences | None] = {}
        self._kept: dict[str, Kept] = {}
        self._values: dict[tuple[str, str], Values | None] = {}

    @cached_property
    def _marks(self) -> Mapping[str, TallyMark]:
        return {mark.kind: mark for mark in TallyMark.objects.all()}

    def sums(self, wanted: Sequence[Measure], edges: Sequence[datetime], within: Within) -> dict[str, Sums]:
        """Sums between moments, of those measures that were counted."""
        found = {}
        for measure in wanted:
            of = self._counted(Series(measure), within) if measure.at else None
            if of is not None:
                slots = of.between([*map(milliseconds, edges)])
                wholes = [one.whole for one in slots]
                parts = [one.part for one in slots] if measure.how != "count" else wholes
                found[measure.name] = Sums(measure, edges, wholes, parts)
        return found

    def spells(self, measure: Measure, ends: Sequence[datetime], within: Within) -> TalliedSpells | None:
        """What stood at each of some moments; None when that was not counted."""
        begun, gone = (self._counted(side, within) for side in spell_sides(measure, self._measures))
        return TalliedSpells(begun, gone, sorted(set(ends))) if begun is not None and gone is not None else None

    def counts_by(
        self, measure: Measure, period: Period, names: Sequence[str], within: Within
    ) -> Mapping[str, CountedBy] | None:
        """Whole and part for each value of some dimensions; None when that was not counted."""
        one = Series(measure)
        of = self._counted(one, within) if measure.at and set(names) <= set(one.dimensions) else None
        if of is None:
            return None
        [some] = of.between([milliseconds(period.start), milliseconds(period.end)], names)
        return {name: some.by(name) for name in names}

    def spreads(self, measure: Measure, within: Within) -> Spreads | None:
        """What each record adds to a mean; None when that was not counted."""
        of = self._counted(Series(measure), within) if measure.at and measure.how == "mean" else None
        return Spreads(of) if of is not None else None

    def _counted(self, one: Series, within: Within) -> Counted | None:
        """A series, narrowed, where it was counted."""
        kind = one.measure.kind
        mark = self._marks.get(kind)
        if mark is None or mark.definitions.get(one.name) != one.definition or not set(within) <= set(one.dimensions):
            return None
        changed, values = self._differences(kind), self._values_of(kind, within)
        if changed is None or values is None:
            return None
        if kind not in self._kept:
            self._kept[kind] = Kept(mark)
        return Counted(one, self._kept[kind], changed.get(one.name, ()), values)

    def _values_of(self, kind: str, within: Within) -> Values | None:
        key = kind, repr(sorted(within.items()))
        if key not in self._values:
            self._values[key] = values_of(kind, within)
        return self._values[key]

    def _differences(self, kind: str) -> Differences | None:
        if kind not in self._changed:
            mark = self._marks[kind]
            self._changed[kind] = differences_since(mark, lambda: Reader(self._known(mark)))
        return self._changed[kind]

    def _known(self, mark: TallyMark) -> list[Series]:
        every = series_of([mark.kind], self._measures)
        return [one for one in every if mark.definitions.get(one.name) == one.definition]


class Spreads:
    """The numbers of a mean in any period."""

    def __init__(self, of: Counted) -> None:
        self._of = of

    def numbers(self, period: Period) -> Numbers:
        """What each record of a period adds."""
        [some] = self._of.between([milliseconds(period.start), milliseconds(period.end)])
        return some.values

    def figure(self, period: Period, scale: float) -> Figure:
        """Mean, median and 90th percentile."""
        numbers = self.numbers(period)
        return mean_of(numbers, numbers.total, scale)


class Standing:
    """What stands at a moment, by when it began."""

    def __init__(self, at: datetime, began: Numbers) -> None:
        self._at, self._began = milliseconds(at), began

    def __len__(self) -> int:
        return len(self._began)

    def __getitem__(self, place: int, /) -> int:
        """The ages in order, the youngest first."""
        return self._at - self._began[len(self) - 1 - place]

    def began_before(self, moment: int) -> int:
        """How many began before a moment."""
        return self._began.before(moment)

    def ages(self, scale: float) -> Figure:
        """Mean, median and 90th percentile."""
        return mean_of(self, self._at * len(self) - self._began.total, scale)


def standing_of(at: datetime, began: Sequence[int]) -> Standing:
    """What stands at a moment, from when each began."""
    return Standing(at, Numbers([part_of(1, began)]))


class TalliedSpells:
    """As `Spells`, from what stood at the first of some moments, and what began and ended between them."""

    def __init__(self, begun: Counted, gone: Counted, ends: Sequence[datetime]) -> None:
        self._begun, self._ends = begun, ends
        edges = [*map(milliseconds, ends)]
        self._first, self._came, self._went = begun.standing(edges[0]), begun.between(edges), gone.between(edges)
        self._known: dict[datetime, Standing] = {}

    @cached_property
    def _counts(self) -> list[int]:
        return _running(self._first.whole, [one.whole for one in self._came], [one.whole for one in self._went])

    @cached_property
    def _starts(self) -> list[int]:
        came = [one.beginnings.total for one in self._came]
        return _running(self._first.beginnings.total, came, [one.part for one in self._went])

    def count(self, at: datetime) -> Figure:
        """How many stood."""
        return counted(self._counts[self._place(at)])

    def mean_age(self, at: datetime, scale: float) -> Figure:
        """How long they had stood on average, without the spread."""
        count, starts = self._counts[self._place(at)], self._starts[self._place(at)]
        return Figure((milliseconds(at) * count - starts) / count / scale, count) if count else mean([])

    def ages(self, at: datetime, scale: float) -> Figure:
        """The same with median and 90th percentile."""
        return self.standing(at).ages(scale)

    def standing(self, at: datetime) -> Standing:
        """What stood at a moment, by when it began."""
        if at not in self._known:
            self._known[at] = Standing(at, self._begun.standing(milliseconds(at)).beginnings)
        return self._known[at]

    def _place(self, at: datetime) -> int:
        return bisect_left(self._ends, at)


def _running(first: int, came: Sequence[int], went: Sequence[int]) -> list[int]:
    return [*accumulate((more - less for more, less in zip(came, went, strict=True)), initial=first)]
