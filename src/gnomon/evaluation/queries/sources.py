"""Figures of several measures over many periods, read in as few queries as it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Value

from gnomon.evaluation.figures import Figure, mean
from gnomon.evaluation.periods import Bucket
from gnomon.evaluation.queries import lists, together
from gnomon.evaluation.queries.counting import values_by
from gnomon.evaluation.queries.dimensions import counts_by
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.measures import Evaluation, Group, evaluate, groups_by
from gnomon.evaluation.queries.measures import measures as every_measure
from gnomon.evaluation.queries.spells import Spells, began, spells_of
from gnomon.evaluation.queries.tallies import Spreads, Standing, TalliedSpells, Tallies, standing_of
from gnomon.evaluation.queries.together import Sums
from gnomon.evaluation.series import spell
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


def fitting(measure: Measure, within: Within) -> Within:
    """What of a narrowing a measure knows."""
    return {name: values for name, values in within.items() if name in measure.dimensions}


class Sources:
    """What adds up is summed once, and what stands is read once, for all periods that are named beforehand.

    A register is asked by itself, and for periods that last until now alone: its past is in the ledger, which would
    have to be read for each.
    """

    def __init__(self, measures: Sequence[Measure], periods: Iterable[Period], within: Within, now: datetime) -> None:
        self.within, self.now = within, now
        periods = list(periods)
        self._sums: dict[str, Sums] = {}
        self._tallies = tallies = Tallies(every_measure())
        self._edges = together.edges_of(periods)
        self._spreads: dict[str, Spreads | None] = {}
        for narrowed, some in _by_narrowing(measures, within):
            known = tallies.sums(some, self._edges, narrowed)
            rest = [one for one in some if one.name not in known]
            self._sums |= {**known, **together.sums_over(rest, periods, dict(narrowed))}
        ends = [lists.stands_at(one, now) for one in periods]
        self._spells: dict[Any, Spells | TalliedSpells] = {}
        self._registers: dict[tuple[str, Period], Evaluation] = {}
        for measure in measures:
            if measure.standing and periods and spell(measure) not in self._spells:
                narrowed = fitting(measure, within)
                found = tallies.spells(measure, ends, narrowed)
                self._spells[spell(measure)] = found or spells_of(measure, min(ends), max(ends), narrowed)

    def figure(self, measure: Measure, period: Period) -> Figure:
        """The figure of a period, without the spread of a mean."""
        if measure.is_of_register:
            return self._register(measure, period).figure
        if measure.at:
            return self._sums[measure.name].figure(period)
        spells, at = self._spells[spell(measure)], lists.stands_at(period, self.now)
        return spells.mean_age(at, measure.scale) if measure.how == "mean" else spells.count(at)

    def whole(self, measure: Measure, period: Period) -> Figure:
        """The same with the spread of a mean."""
        if measure.how != "mean" or measure.is_of_register:
            return self.figure(measure, period)
        at = lists.stands_at(period, self.now)
        if measure.standing:
            return self._spells[spell(measure)].ages(at, measure.scale)
        tallied = self.spreads(measure)
        if tallied is not None:
            return tallied.figure(period, measure.scale)
        every = Value(0, output_field=models.IntegerField())
        return mean(values_by(measure, self.given(measure, period), every, period.end).get(0, []), measure.scale)

    def spreads(self, measure: Measure) -> Spreads | None:
        """What each record adds to a mean in the periods, where that was counted."""
        if measure.name not in self._spreads:
            self._spreads[measure.name] = self._tallies.spreads(measure, fitting(measure, self.within))
        return self._spreads[measure.name]

    def standing(self, measure: Measure, period: Period) -> Standing:
        """What stands at the end of a period, by when it began."""
        at, spells = lists.stands_at(period, self.now), self._spells[spell(measure)]
        if isinstance(spells, TalliedSpells):
            return spells.standing(at)
        return standing_of(at, began(measure, self.given(measure, period)))

    def shares_by(
        self, measure: Measure, period: Period, names: Sequence[str], within: Within | None = None
    ) -> Mapping[str, list[Group]]:
        """A number of records or a share for each value of several dimensions; `within` narrows them otherwise."""
        narrowed = fitting(measure, self.within if within is None else within)
        given = lists.parameters(measure, period, narrowed, self.now)
        tallied = self._tallies.counts_by(measure, period, names, narrowed)
        return groups_by(measure, given, tallied if tallied is not None else counts_by(measure, given, names))

    def given(self, measure: Measure, period: Period) -> lists.Parameters:
        """The parameters of the list of a period."""
        return lists.parameters(measure, period, fitting(measure, self.within), self.now)

    def url(self, measure: Measure, period: Period) -> str:
        """The list of what the figure of a period counts."""
        if measure.is_of_register:
            return self._register(measure, period).url
        return lists.address(measure.kind, self.given(measure, period))

    def _register(self, measure: Measure, period: Period) -> Evaluation:
        key = measure.name, period
        if key not in self._registers:
            within = fitting(measure, self.within)
            self._registers[key] = evaluate(measure.name, period, within=within, now=self.now)
        return self._registers[key]

    def group(self, measure: Measure, bucket: Bucket) -> Group:
        """The figure of a month, week or day."""
        return Group(bucket.key, bucket.title, self.figure(measure, bucket.period), self.url(measure, bucket.period))


def lasts(measure: Measure, period: Period, now: datetime) -> bool:
    """Whether a measure can be asked of a period here: a register only of one that lasts until now."""
    return not measure.is_of_register or period.end >= now


def _by_narrowing(measures: Sequence[Measure], within: Within) -> list[tuple[Mapping[str, Any], list[Measure]]]:
    """Measures with what of the narrowing they know, those that know the same together."""
    alike: dict[tuple[Any, ...], list[Measure]] = defaultdict(list)
    for measure in measures:
        alike[tuple(sorted((name, tuple(values)) for name, values in fitting(measure, within).items()))].append(measure)
    return [({name: list(values) for name, values in known}, some) for known, some in alike.items()]
