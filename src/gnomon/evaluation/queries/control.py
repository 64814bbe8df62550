"""A measure on a control chart: whole weeks or months, held to limits that people fixed (9.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gnomon.evaluation.control_charts import Baseline, ControlChart, Signal, control_chart, moving_ranges
from gnomon.evaluation.models import ControlBaseline
from gnomon.evaluation.periods import Bucket, buckets
from gnomon.evaluation.queries.measures import Group
from gnomon.evaluation.queries.sources import Sources
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

# How many points a chart shows: half a year of weeks, two years of months.
POINTS = {"week": 26, "month": 24}
LENGTHS = {"week": timedelta(days=7), "month": timedelta(days=31)}


@dataclass(frozen=True, slots=True)
class Controlled:
    """A measure step by step with its limits and signals; `baselines` are those that people fixed.

    What is counted less than once in a step is rare, and a control chart cannot judge it.
    """

    measure: Measure
    groups: Sequence[Group]
    cut: Sequence[Bucket]
    chart: ControlChart
    baselines: Sequence[ControlBaseline]
    is_rare: bool = False

    def is_worse(self, signal: Signal) -> bool:
        """Whether a signal points the wrong way; where no way is wrong, any signal does."""
        if self.measure.direction == "range" or signal.rule == "range":
            value, limits = self.groups[signal.at].figure.value, self.chart.limits_at(signal.at)
            if self.measure.direction == "range" or value is None or limits is None:
                return True
            side = "above" if value > limits.centre else "below"
        else:
            side = signal.side
        return side == ("below" if self.measure.direction == "higher" else "above")


def steps_until(end: datetime, step: str) -> list[Bucket]:
    """The last whole weeks or months up to a moment; one that is not over would look like a signal."""
    length = LENGTHS[step]
    cut = buckets(Period(end - (POINTS[step] + 2) * length, end + 2 * length), step)
    return [bucket for bucket in cut[1:-1] if bucket.period.end <= end][-POINTS[step] :]


def baselines_of(measures: Sequence[Measure], step: str) -> Mapping[str, list[ControlBaseline]]:
    """The baselines in force, oldest first; one query for all measures."""
    found: dict[str, list[ControlBaseline]] = {measure.name: [] for measure in measures}
    known = ControlBaseline.objects.filter(status="active", step=step, measure__in=list(found))
    for one in known.order_by("start_date", "id"):
        found[one.measure].append(one)
    return found


def controlled(
    measure: Measure, sources: Sources, cut: Sequence[Bucket], baselines: Sequence[ControlBaseline]
) -> Controlled:
    """A measure from the first step on in which anything was counted."""
    if measure.is_of_register:
        cut = ()
    groups = [sources.group(measure, bucket) for bucket in cut]
    first = next((at for at, group in enumerate(groups) if group.figure.count), len(groups))
    groups, kept = groups[first:], cut[first:]
    values = [group.figure.value for group in groups]
    if measure.how == "count" and sum(value or 0 for value in values) < len(values):
        # Less than one in a step: whole numbers so near to zero have no spread that a limit could rest on.
        bare = ControlChart(values, moving_ranges(values), (), ())
        return Controlled(measure, groups, kept, bare, (), is_rare=True)
    placed = [(one, basis) for one in baselines if (basis := _placed(one, kept)) is not None]
    chart = control_chart(
        values,
        [basis for _one, basis in placed],
        floor=0.0,
        ceiling=100.0 if measure.unit == "%" else None,
    )
    return Controlled(measure, groups, kept, chart, [one for one, _basis in placed])


def _placed(one: ControlBaseline, cut: Sequence[Bucket]) -> Baseline | None:
    """The steps that begin within a baseline; None when none of them is shown."""
    days: list[Any] = [timezone.localdate(bucket.period.start) for bucket in cut]
    within = [at for at, day in enumerate(days) if one.start_date <= day <= one.end_date]
    return Baseline(within[0], within[-1] + 1) if within else None
