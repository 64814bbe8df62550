"""Series of snapshots: what a measure said day by day, as it said it (9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gnomon.evaluation.figures import NOTHING, Figure, counted, share
from gnomon.evaluation.models import MeasureSnapshot
from gnomon.jobs.moments import written
from gnomon.standard.plugs import Measure


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a measure said of a day, and by which version of its definition."""

    day: date
    figure: Figure
    version: int
    definition: str
    taken_at: datetime

    def as_json(self) -> dict[str, Any]:
        figure = self.figure
        return {
            "day": self.day.isoformat(), "value": figure.value, "count": figure.count, "part": figure.part,
            "median": figure.median, "p90": figure.p90, "version": self.version, "definition": self.definition,
            "taken_at": written(self.taken_at),
        }  # fmt: skip


def series(
    measure: Measure, first: date | None = None, last: date | None = None, by: str = "", key: str = ""
) -> list[Snapshot]:
    """The snapshots of a measure between two days, both included, oldest first; of one value of a dimension."""
    kept = MeasureSnapshot.objects.filter(measure=measure.name, by=by, key=key).order_by("day")
    if first is not None:
        kept = kept.filter(day__gte=first)
    if last is not None:
        kept = kept.filter(day__lte=last)
    return [_snapshot(row) for row in kept]


def series_by(
    measure: Measure, by: str, first: date | None = None, last: date | None = None
) -> dict[str, list[Snapshot]]:
    """The same for each value of a dimension, by the word that lists take for it."""
    kept = MeasureSnapshot.objects.filter(measure=measure.name, by=by).order_by("key", "day")
    if first is not None:
        kept = kept.filter(day__gte=first)
    if last is not None:
        kept = kept.filter(day__lte=last)
    found: dict[str, list[Snapshot]] = {}
    for row in kept:
        found.setdefault(row.key, []).append(_snapshot(row))
    return found


def gaps(kept: Sequence[Snapshot]) -> list[date]:
    """The days between the first and the last snapshot that have none."""
    there = {each.day for each in kept}
    if not there:
        return []
    whole = range((max(there) - min(there)).days)
    return [day for day in (min(there) + timedelta(days=at) for at in whole) if day not in there]


def together(measure: Measure, kept: Iterable[Snapshot]) -> Figure:
    """What the days say as one; medians do not add up, and what stood at the end of the last day stands."""
    days = list(kept)
    if not days:
        return NOTHING
    if not measure.at:
        return days[-1].figure
    count = sum(each.figure.count for each in days)
    if measure.how == "share":
        return share(sum(each.figure.part or 0 for each in days), count)
    if measure.how == "count":
        return counted(count)
    total = sum((each.figure.value or 0) * each.figure.count for each in days)
    return Figure(total / count, count) if count else NOTHING


def _snapshot(row: MeasureSnapshot) -> Snapshot:
    figure = Figure(row.value, row.count, row.part, row.median, row.p90)
    return Snapshot(row.day, figure, row.version, row.definition, row.taken_at)
