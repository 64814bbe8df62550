"""A measure in two periods, and how certain it is that they differ (9.1, 10.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext as _

from gnomon.evaluation.figures import Figure, mean
from gnomon.evaluation.intervals import Difference, means_differ, medians_differ, rates_differ, shares_differ
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import figure_of, values_by
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.measures import check_narrowing, evaluate, measure_named
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

# With fewer records behind a side, an interval promises more than the records can keep.
FEW, FEW_COUNTED = 20, 10

Of = Literal["share", "rate", "mean", "median"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two periods: its figure, and the list of what it counts."""

    period: Period
    figure: Figure
    url: str
    values: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """How much a share, a rate, a mean or a median differs; None where that cannot be told."""

    of: Of
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods of a measure; `warnings` are sentences that belong beside the result."""

    measure: Measure
    before: Side
    after: Side
    found: Sequence[Found]
    warnings: Sequence[str]
    within: Within


def compare(
    name: str, before: Period, after: Period, *, within: Within | None = None, now: datetime | None = None
) -> Comparison:
    """A measure in two periods; NoSuchMeasure when nobody declares it, or it cannot be narrowed so."""
    measure = measure_named(name)
    within = {part: values for part, values in (within or {}).items() if values}
    check_narrowing(measure, within)
    now = now or datetime.now(UTC)
    first, second = _side(measure, before, within, now), _side(measure, after, within, now)
    try:
        found = _found(measure, first, second, now)
    except OverflowError:  # values that no clock can have told
        found = []
    return Comparison(measure, first, second, found, _warnings(measure, first, second, found), within)


def _side(measure: Measure, period: Period, within: Within, now: datetime) -> Side:
    if measure.is_of_register:
        found = evaluate(measure.name, period, within=within, now=now)
        return Side(period, found.figure, found.url)
    given = lists.parameters(measure, period, within, now)
    at = lists.stands_at(period, now)
    url = lists.address(measure.kind, given)
    if measure.how != "mean":
        return Side(period, figure_of(measure, given, at), url)
    every = Value(0, output_field=models.IntegerField())
    values = sorted(value / measure.scale for value in values_by(measure, given, every, at).get(0, []))
    return Side(period, mean(values), url, values)


def _found(measure: Measure, before: Side, after: Side, now: datetime) -> list[Found]:
    if measure.is_of_register:
        return []  # the same records stand on both sides
    if measure.how == "share":
        pairs = [(side.figure.part or 0, side.figure.count) for side in (before, after)]
        return [Found("share", shares_differ(*pairs))]
    if measure.how == "mean":
        pair = before.values, after.values
        return [Found("mean", means_differ(*pair)), Found("median", medians_differ(*pair))]
    if not measure.at:
        return []  # what stands at two moments is a count and no sample
    rates = [(side.figure.count, days(side.period, now)) for side in (before, after)]
    return [Found("rate", rates_differ(*rates))]


def days(period: Period, now: datetime) -> float:
    """How many days of a period have passed."""
    return max((lists.stands_at(period, now) - period.start) / timedelta(days=1), 0.0)


def _warnings(measure: Measure, before: Side, after: Side, found: Sequence[Found]) -> list[str]:
    said = []
    few = FEW_COUNTED if measure.how == "count" else FEW
    least = min(before.figure.count, after.figure.count)
    if least < few and any(one.difference for one in found):
        says = _("Only %(count)d records stand behind one side: that is too few to rely on the interval.")
        said.append(says % {"count": least})
    if before.period.start < after.period.end and after.period.start < before.period.end:
        said.append(_("The two periods overlap, so some records may count on both sides."))
    if measure.standing and measure.how == "mean" and before.figure.count and after.figure.count:
        said.append(_("What stood open throughout counts on both sides, so the interval is a rough one."))
    return said


def no_period(name: str) -> InvalidFacts:
    """What is said when one of the two periods is missing."""
    says = _("Name both periods, as 2026-01-01..2026-04-01 (the day after the last).")
    return InvalidFacts(says, {name: says})
