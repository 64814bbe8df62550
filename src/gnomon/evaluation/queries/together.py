"""Several measures over several periods at once: what adds up is read once and summed as it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

from django.db.models import Count, Q, Sum

from gnomon.evaluation.figures import NOTHING, Figure, counted, share
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import among_of, part_of, raw_rows
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.over_time import Which
from gnomon.jobs.moments import written
from gnomon.records.conditions import amount
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
    edges = sorted({moment for period in periods for moment in (period.start, period.end)})
    cut = [Period(start, end) for start, end in pairwise(edges)]
    alike: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for measure in measures:
        if measure.at:
            alike[measure.kind, measure.at].append(measure)
    found: dict[str, Sums] = {}
    for group in alike.values():
        found |= _summed(group, edges, cut, within)
    return found


def _summed(group: Sequence[Measure], edges: Sequence[Any], cut: Sequence[Period], within: Within) -> dict[str, Sums]:
    first = group[0]
    if not cut:
        return {measure.name: Sums(measure, edges, [], []) for measure in group}
    bounds = {f"{first.at}.from": [written(edges[0])], f"{first.at}.to": [written(edges[-1])]}
    records = lists.records_of(first.kind, {**bounds, **within})
    among = {measure.name: among_of(measure, edges[-1]) for measure in group}
    wholes = {f"whole_{at}": Count("pk", filter=among[one.name]) for at, one in enumerate(group)}
    parts = {f"part_{at}": _part(one, among[one.name], edges[-1]) for at, one in enumerate(group)}
    rows = records.annotate(place=Which(first.at, cut)).values("place").annotate(**wholes, **parts)
    counted = [([0] * len(cut), [0] * len(cut)) for _ in group]
    for place, *added in raw_rows(rows.values_list("place", *wholes, *parts)):
        for at, (whole, part) in enumerate(counted):
            whole[place], part[place] = int(added[at] or 0), int(added[len(group) + at] or 0)
    return {measure.name: Sums(measure, edges, *counted[at]) for at, measure in enumerate(group)}


def _part(measure: Measure, among: Q, at: datetime) -> Any:
    if measure.how == "mean":
        assert measure.value is not None
        return Sum(amount(measure.value), filter=among)
    return Count("pk", filter=among & part_of(measure, at)) if measure.how == "share" else Count("pk", filter=among)
