"""What customers got of each service: interruptions, ratings, and what was agreed (8.3.2, 8.3.3, 8.7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Avg, Count, F, Q

from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import in_milliseconds, raw_rows
from gnomon.evaluation.queries.lists import Within
from gnomon.jobs.moments import milliseconds, written
from gnomon.records.conditions import earliest
from gnomon.resolution.models import Incident
from gnomon.resolution.stretches import written_as
from gnomon.standard.periods import Period

MOST_AGREEMENTS = 8


@dataclass(frozen=True, slots=True)
class Interruption:
    """For how much of a period major incidents kept a service down, and how many did."""

    share_up: float
    milliseconds: int
    count: int


@dataclass(frozen=True, slots=True)
class Rated:
    """The mean of what was answered, and how many answered."""

    mean: float | None
    count: int


def majors_given(period: Period, within: Within, now: datetime) -> lists.Parameters:
    """The list of major incidents that were open at some moment of a period."""
    until = lists.stands_at(period, now)
    span = [(period.start, max(until, period.start))]
    return {"status.not": ["cancelled,merged"], "is_major": ["true"], "open_during": [written_as(span)], **within}


def among_majors(query: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The major ones of some incidents; SQLite takes the index of these few only for a question of its own."""
    return query.filter(pk__in=Incident.objects.filter(is_major=True).order_by().values("pk"))


def interruptions(period: Period, within: Within, now: datetime) -> Mapping[int | None, Interruption]:
    """By key of the service; a moment in which several were open counts once."""
    start, end = milliseconds(period.start), milliseconds(lists.stands_at(period, now))
    query = among_majors(lists.records_of("incident", majors_given(period, within, now)))
    until = in_milliseconds(earliest(("resolved_at", "closed_at")))
    rows = raw_rows(query.values_list("service_id", in_milliseconds(F("opened_at")), until))
    spans: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for service, opened, resolved in rows:
        spans[service].append((max(opened, start), min(end if resolved is None else resolved, end)))
    return {
        service: Interruption(100 * (1 - (down := union(some)) / max(end - start, 1)), down, len(some))
        for service, some in spans.items()
    }


def union(spans: Sequence[tuple[int, int]]) -> int:
    """How long it was in at least one of some spans."""
    total, reached = 0, None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        if end > begin:
            total += end - begin
        reached = end if reached is None else max(end, reached)
    return total


def ratings_given(period: Period, within: Within) -> lists.Parameters:
    """The list of ratings that were answered in a period."""
    bounds = {"answered_at.from": [written(period.start)], "answered_at.to": [written(period.end)]}
    known = {name: values for name, values in within.items() if name in {"service", "customer"}}
    return {"status": ["answered"], **bounds, **known}


def ratings(period: Period, within: Within) -> Mapping[int | None, Rated]:
    """By key of the service that the rated incident was about."""
    query = lists.records_of("satisfaction_rating", ratings_given(period, within))
    rows = query.values("incident__service_id").annotate(mean=Avg("score"), count=Count("pk"))
    return {row["incident__service_id"]: Rated(row["mean"], row["count"]) for row in rows}


def agreements_of(within: Within, period: Period) -> list[ServiceLevelAgreement]:
    """The agreements about a service or with a customer that were in effect in a period; the default is none."""
    if not within.get("service") and not within.get("customer"):
        return []
    first, last = period.start.date(), period.end.date()
    found: Any = ServiceLevelAgreement.objects.filter(status="agreed", is_default=False).filter(
        Q(effective_from__isnull=True) | Q(effective_from__lte=last),
        Q(effective_to__isnull=True) | Q(effective_to__gte=first),
    )
    if within.get("service"):
        found = found.filter(service__number__in=list(within["service"]))
    if within.get("customer"):
        found = found.filter(Q(customer__isnull=True) | Q(customer__number__in=list(within["customer"])))
    return list(found.select_related("service", "customer", "calendar").order_by("title", "id")[:MOST_AGREEMENTS])
