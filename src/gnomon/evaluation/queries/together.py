"""Several measures over several periods at once: what adds up is read once and summed as it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

from gnomon.evaluation.figures import NOTHING, Figure, counted, share
from gnomon.evaluation.queries.day_counts import count_pieces
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.series import Series
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


class Sums:
    """Running sums of one measure between moments; figures of any period whose ends are among them."""

    def __init__(self, measure: Measure, edges: Sequence[Any], wholes: Sequence[int], parts: Sequence[int]) -> None:
        self._measure = measure
        self._edges = edges
        self._wholes = [0, *accumulate(wholes)]
        self._parts = [0, *accumulate(parts)]

    def figure(self, period: Period) -> Figure:
        """The figure without a spread, which does not add up."""
        first, end = bisect_left(self._edges, period.start), bisect_left(self._edges, period.end)
        whole, part = self._wholes[end] - self._wholes[first], self._parts[end] - self._parts[first]
        if self._measure.how == "share":
            return share(part, whole)
        if self._measure.how == "count":
            return counted(whole)
        return Figure(part / whole / self._measure.scale, whole) if whole else NOTHING


def sums_over(measures: Iterable[Measure], periods: Iterable[Period], within: Within) -> Mapping[str, Sums]:
    """Sums of all measures that put records into periods, in one query for those that do by the same moment."""
    edges = edges_of(periods)
    wanted = [Series(measure) for measure in measures if measure.at]
    counts = count_pieces(wanted, [Period(start, end) for start, end in pairwise(edges)], within)
    return {
        one.name: Sums(one.measure, edges, [whole for whole, _part in some], [part for _whole, part in some])
        for one in wanted
        for some in [counts[one.name]]
    }


def edges_of(periods: Iterable[Period]) -> list[datetime]:
    """The moments at which periods begin or end, in order."""
    return sorted({moment for period in periods for moment in (period.start, period.end)})
