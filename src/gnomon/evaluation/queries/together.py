"""Several measures over several periods at once: what adds up is read once and summed as it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

from django.db.models import Count, Q, Sum

from gnomon.evaluation.figures import NOTHING, Figure, counted, share
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import among_of, each_raw_row, part_of
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.over_time import Which
from gnomon.evaluation.series import Series, alike
from gnomon.records.conditions import amount
from gnomon.records.kinds import kind_named
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

AT_ONCE = 400  # periods
Counts = dict[str, list[tuple[int, int]]]  # by measure: whole and part of each period


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
    pieces = [Period(start, end) for start, end in pairwise(edges)]
    counts: Counts = {one.name: [] for one in wanted}
    for start in range(0, len(pieces), AT_ONCE):
        for group in alike(wanted).values():
            for name, some in _count(group, pieces[start : start + AT_ONCE], within, edges[-1]).items():
                counts[name] += some
    return {
        one.name: Sums(one.measure, edges, [whole for whole, _part in some], [part for _whole, part in some])
        for one in wanted
        for some in [counts[one.name]]
    }


def edges_of(periods: Iterable[Period]) -> list[datetime]:
    """The moments at which periods begin or end, in order."""
    return sorted({moment for period in periods for moment in (period.start, period.end)})


def _count(group: Sequence[Series], pieces: Sequence[Period], within: Within, at: datetime) -> Counts:
    """What counts in each of some pieces of time that follow one another."""
    first, whole = group[0], Period(pieces[0].start, pieces[-1].end)
    near = Q(**{f"{first.measure.at}__gte": whole.start, f"{first.measure.at}__lt": whole.end})
    records = lists.records_of(first.measure.kind, within).filter(near)
    if len(group) == 1:
        records = records.filter(among_of(first.measure, at) & _indexed(first.measure))
    wholes = {f"whole_{n}": Count("pk", filter=among_of(one.measure, at)) for n, one in enumerate(group)}
    parts = {f"part_{n}": _part(one.measure, at) for n, one in enumerate(group)}
    placed = records.annotate(place=Which(first.measure.at, pieces)).values("place").annotate(**wholes, **parts)
    counts: Counts = {one.name: [(0, 0)] * len(pieces) for one in group}
    for place, *added in each_raw_row(placed.values_list("place", *wholes, *parts)):
        for n, one in enumerate(group):
            counts[one.name][place] = int(added[n] or 0), int(added[len(group) + n] or 0)
    return counts


def _indexed(measure: Measure) -> Q:
    """Those of an index that holds few records and all that count: SQLite takes it only for a question of its own."""
    model = kind_named(measure.kind).model
    wanted = {name: True for name, value in measure.among.items() if value == "true"}
    for index in model._meta.indexes:
        if wanted and index.condition == Q(**wanted):
            return Q(pk__in=model._default_manager.filter(index.condition).order_by().values("pk"))
    return Q()


def _part(measure: Measure, at: datetime) -> Any:
    """What the records add up to: amounts of a mean, those that keep a share."""
    among = among_of(measure, at)
    if measure.how == "mean":
        assert measure.value is not None
        return Sum(amount(measure.value), filter=among)
    return Count("pk", filter=among & part_of(measure, at)) if measure.how == "share" else Count("pk", filter=among)
