"""The desk at this moment beside the queue: today by the hour, names, and the lists of both (8.6.1)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from gnomon.evaluation.periods import midnight
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import in_milliseconds, raw_rows
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.narrowing import values_of
from gnomon.jobs.moments import milliseconds
from gnomon.resolution.models import Incident
from gnomon.resolution.stretches import written_as

HOUR = timedelta(hours=1)
WEEKS = 4

Spans = list[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of today: what came about in it, what usually does, and the lists of both."""

    start: datetime
    count: int
    url: str
    usual: int
    usual_url: str


def address(**given: str) -> str:
    """The list of incidents with these parameters; an underscore pair stands for a dot."""
    return lists.address("incident", {name.replace("__", "."): [value] for name, value in given.items() if value})


def by_hour(field: str, narrowed: Within, now: datetime) -> list[Hour]:
    """The hours of today, each beside the same hour of the same weekday in the last weeks."""
    today = timezone.localdate(now)
    days = [today - timedelta(days=7 * week) for week in range(WEEKS + 1)]
    hours: Sequence[Spans] = [[_span(day, at) for day in days] for at in range(_hours(days))]
    moments = _moments(field, [(midnight(day), midnight(day + timedelta(days=1))) for day in days], narrowed)
    lens = {"opened_at": "opened_in", "resolved_at": "resolved_in"}[field]
    found = []
    for spans in hours:
        usual = [span for span in spans[1:] if span[0] < span[1]]
        urls = [
            lists.address("incident", {"status.not": ["cancelled,merged"], lens: [written_as(some)], **narrowed})
            for some in (spans[:1], usual)
        ]
        count, before = _count(moments, spans[:1]), _count(moments, usual)
        found.append(Hour(spans[0][0], count, urls[0], before, urls[1]))
    return found


def _moments(field: str, days: Spans, narrowed: Within) -> list[int]:
    lens = {"opened_at": "opened_in", "resolved_at": "resolved_in"}[field]
    values = values_of("incident", narrowed)
    # Asked for by the moment alone, and parted here: SQLite would rather read all that a team ever had.
    given = {"status.not": ["cancelled,merged"], lens: [written_as(days)], **(narrowed if values is None else {})}
    fields: list[Any] = [Incident._meta.get_field(name) for name in values or ()]
    columns = [in_milliseconds(F(field)), *(one.attname for one in fields)]
    rows = raw_rows(lists.records_of("incident", given).values_list(*columns))
    for place, wanted in enumerate((values or {}).values(), start=1):
        rows = [row for row in rows if row[place] in wanted]
    return sorted(row[0] for row in rows)


def _count(moments: Sequence[int], spans: Spans) -> int:
    return sum(
        bisect_left(moments, milliseconds(end)) - bisect_left(moments, milliseconds(start)) for start, end in spans
    )


def _hours(days: Sequence[Any]) -> int:
    """How many hours today has: 24, but where clocks are changed."""
    start, end = midnight(days[0]), midnight(days[0] + timedelta(days=1))
    return int((end - start) / HOUR)


def _span(day: Any, hour: int) -> tuple[datetime, datetime]:
    """An hour of a day, counted from its beginning; none of it beyond the end of the day."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    return min(start + hour * HOUR, end), min(start + (hour + 1) * HOUR, end)


def names_of(field: str, keys: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Number and title of the people or teams with these keys."""
    related: Any = Incident._meta.get_field(field).related_model
    rows = related.objects.filter(pk__in=set(keys)).values_list("pk", "number", "title")
    return {key: (number, title) for key, number, title in rows}


def day_address(lens: str, where: Mapping[str, str], now: datetime) -> str:
    """The list of what came about on the whole of today."""
    today = timezone.localdate(now)
    span = (midnight(today), midnight(today + timedelta(days=1)))
    return address(status__not="cancelled,merged", **{lens: written_as([span])}, **where)
