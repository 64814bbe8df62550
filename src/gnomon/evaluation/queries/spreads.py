"""How values are spread: the age of what stands open, and how often incidents were handed on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from gnomon.evaluation.asking import stands_of
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.sources import Sources
from gnomon.jobs.moments import milliseconds, moment, written
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

AGES = (0, 1, 3, 7, 14, 30, 90)
MANY = 5


@dataclass(frozen=True, slots=True)
class Part:
    """So many records from one value to the next, and the list that shows them; the last part has no `end`."""

    start: int
    end: int | None
    count: int
    url: str


def ages(measure: Measure, sources: Sources, period: Period) -> list[Part]:
    """How many days old what stands at the end of a period is, by when its time began."""
    at, given = lists.stands_at(period, sources.now), sources.given(measure, period)
    field, standing = stands_of(measure).start, sources.standing(measure, period)
    # `turns` rise: what began at or after the last of them is the youngest.
    turns = [milliseconds(at - timedelta(days=days)) for days in AGES[:0:-1]]
    before = [0, *(standing.began_before(turn) for turn in turns), len(standing)]
    parts = []
    for place, days in enumerate(AGES):
        bounds = {}
        if place:
            bounds[f"{field}.to"] = [written(moment(turns[-place]))]
        if place < len(turns):
            bounds[f"{field}.from"] = [written(moment(turns[-place - 1]))]
        end = AGES[place + 1] if place < len(turns) else None
        count = before[-1 - place] - before[-2 - place]
        parts.append(Part(days, end, count, lists.address(measure.kind, {**given, **bounds})))
    return parts


def times(measure: Measure, field: str, sources: Sources, period: Period) -> list[Part]:
    """How often something happened to the records of a period: never, once, … and very often."""
    given, tallied = sources.given(measure, period), sources.spreads(measure)
    counts: Counter[int] = Counter()
    if tallied is not None:
        numbers = tallied.numbers(period)
        counts.update({often: numbers.count_of(often) for often in range(MANY)})
        counts[MANY] = len(numbers) - counts.total()
    else:
        records = lists.records_of(measure.kind, given)
        for often, count in records.values(field).annotate(count=Count("pk")).values_list(field, "count"):
            counts[min(often, MANY)] += count
    return [
        Part(
            often,
            often + 1 if often < MANY else None,
            counts[often],
            lists.address(
                measure.kind, {**given, (field if often < MANY else f"{field}.from"): [str(often)]}
            ),
        )
        for often in range(MANY + 1)
    ]  # fmt: skip
