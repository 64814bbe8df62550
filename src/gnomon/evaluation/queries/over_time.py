"""A measure month by month, week by week or day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Func

from gnomon.evaluation.figures import Figure
from gnomon.evaluation.periods import Bucket
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import figures_by, none_of
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.spells import spells_of
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


def figures(
    measure: Measure, cut: Sequence[Bucket], within: Within, now: datetime | None = None
) -> list[tuple[Bucket, Figure]]:
    """The figure of each of some buckets that follow one another; of what stands, at the end of each."""
    if not cut:
        return []
    if measure.at:
        whole = Period(cut[0].period.start, cut[-1].period.end)
        given = lists.parameters(measure, whole, within, now)
        found = figures_by(measure, given, Which(measure.at, [bucket.period for bucket in cut]), whole.end)
        return [(bucket, found.get(at, none_of(measure))) for at, bucket in enumerate(cut)]
    ends = [lists.stands_at(bucket.period, now) for bucket in cut]
    spells = spells_of(measure, ends[0], ends[-1], within)
    if measure.how == "mean":
        return [(bucket, spells.ages(at, measure.scale)) for bucket, at in zip(cut, ends, strict=True)]
    return [(bucket, spells.count(at)) for bucket, at in zip(cut, ends, strict=True)]


class Which(Func):
    """The place in `cut` of the period that a moment lies in."""

    output_field = models.IntegerField()

    def __init__(self, moment: Any, cut: Sequence[Period]) -> None:
        super().__init__(F(moment) if isinstance(moment, str) else moment)
        self.turns = [milliseconds(period.start) for period in cut]

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """One CASE within another, halving each time: a year has hundreds of days.

        Written out, because Django takes longer to put together so many expressions than the database to count.
        """
        column, parameters = compiler.compile(self.source_expressions[0])
        assert not parameters
        return self._halved(column, 0, len(self.turns)), []

    def _halved(self, column: str, first: int, end: int) -> str:
        if end - first == 1:
            return str(first)
        middle = (first + end) // 2
        below, above = self._halved(column, first, middle), self._halved(column, middle, end)
        return f"CASE WHEN {column} < {self.turns[middle]:d} THEN {below} ELSE {above} END"
