"""A measure month by month, week by week or day by day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from gnomon.evaluation.figures import Figure, counted, mean
from gnomon.evaluation.periods import Bucket, buckets
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import figures_by, in_milliseconds, none_of
from gnomon.evaluation.queries.lists import Within
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


def figures(
    measure: Measure, period: Period, step: str, within: Within, now: datetime | None = None
) -> list[tuple[Bucket, Figure]]:
    """The figure of each step of a period; of what stands, at the end of each step."""
    cut = buckets(period, step)
    if not cut:
        return []
    if measure.at:
        given = lists.parameters(measure, period, within, now)
        found = figures_by(measure, given, which(measure.at, cut), period.end)
        return [(bucket, found.get(at, none_of(measure))) for at, bucket in enumerate(cut)]
    return list(zip(cut, _standing(measure, cut, within, now), strict=True))


def which(field: str, cut: Sequence[Bucket]) -> Any:
    """The position of the bucket that a moment lies in, found by halving: a year has hundreds of days."""
    return _halved(field, cut, 0, len(cut))


def _halved(field: str, cut: Sequence[Bucket], first: int, end: int) -> Any:
    if end - first == 1:
        return Value(first, output_field=models.IntegerField())
    middle = (first + end) // 2
    return Case(
        When(Q(**{f"{field}__lt": cut[middle].period.start}), then=_halved(field, cut, first, middle)),
        default=_halved(field, cut, middle, end),
        output_field=models.IntegerField(),
    )


def _standing(measure: Measure, cut: Sequence[Bucket], within: Within, now: datetime | None) -> list[Figure]:
    """All that stood at some time in one query, then each end of a bucket from the sorted times."""
    ends = [milliseconds(lists.stands_at(bucket.period, now)) for bucket in cut]
    start, end = measure.spell
    given = {**{name: [value] for name, value in measure.among.items()}, **within}
    records = lists.records_of(measure.kind, given).filter(**{f"{start}__lt": cut[-1].period.end})
    spells = (
        records.annotate(spell_end=in_milliseconds(end))
        .filter(Q(spell_end__isnull=True) | Q(spell_end__gte=ends[0]))
        .values_list(in_milliseconds(F(start)), "spell_end")
    )
    rows: list[tuple[int, int | None]] = list(spells)
    if measure.how == "mean":
        return [
            mean([at - began for began, ended in rows if began < at and (ended is None or ended >= at)], measure.scale)
            for at in ends
        ]
    begun = sorted(began for began, _ended in rows)
    # What ended before it began, as some sources say, never stood.
    ended = sorted(max(began, ended) for began, ended in rows if ended is not None)
    return [counted(bisect_left(begun, at) - bisect_left(ended, at)) for at in ends]
