"""Incidents that are like another, and those that keep coming back (8.6.1, 8.6.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import log
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from gnomon.portfolio.models import Service
from gnomon.records.kinds import kind_of
from gnomon.records.listing import Listing
from gnomon.records.models import Link
from gnomon.records.narrowing import read_moment
from gnomon.records.search import words_of
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor

# So many of the newest of the service are compared, however many there are: the answer comes as fast at a million.
LOOKED_AT = 300
SHOWN = 5
ALIKE = 0.25
SAME_CATEGORY = 0.1
DAYS = 30
OFTEN = 3
MOST_CLUSTERS = 100


@dataclass(frozen=True, slots=True)
class Similar:
    """An incident like the one that was asked about; `share` is the weight of the words that both have."""

    number: str
    title: str
    status: str
    resolution: str
    share: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Incidents of one service and category that opened within a period, and how many did in the period before."""

    service: Service | None
    category: str
    count: int
    before: int
    url: str
    newest: str = ""

    @property
    def trend(self) -> int:
        return self.count - self.before

    @property
    def fewer(self) -> int:
        return self.before - self.count


def similar_to(incident: Incident) -> list[Similar]:
    """The incidents of the same service most like this one, by the words of their titles; those linked are left out."""
    newest = Incident.objects.filter(service=incident.service_id).exclude(pk=incident.pk).order_by("-id")
    rows = list(newest.values_list("number", "title", "status", "resolution", "category")[:LOOKED_AT])
    linked = _linked(incident.number) if rows else set()
    weight = _weights([_words(title) for _number, title, *_rest in rows] + [_words(incident.title)])
    own = _words(incident.title)
    found = [
        Similar(number, title, status, resolution, share)
        for number, title, status, resolution, category in rows
        if number not in linked
        and (
            share := _share(own, _words(title), weight)
            + SAME_CATEGORY * bool(category and category == incident.category)
        )
        >= ALIKE
    ]
    return sorted(found, key=lambda one: -one.share)[:SHOWN]


def cluster_of(incident: Incident, person: Actor) -> Cluster | None:
    """How often incidents of this service and category came lately, when that is often; None otherwise."""
    if incident.service is None:
        return None
    facts = _facts(incident.service.number, incident.category)
    count, before = _counts(facts, person, DAYS)
    if count < OFTEN:
        return None
    return Cluster(incident.service, incident.category, count, before, _url(facts, DAYS))


def clusters(person: Actor, days: int = DAYS) -> list[Cluster]:
    """What keeps coming back: services and categories with several incidents within so many days, the most first."""
    since, earlier = read_moment(_day(days)), read_moment(_day(2 * days))
    recent = Incident.objects.visible_to(person).filter(opened_at__gte=since)
    groups = list(
        recent.order_by().values("service", "category").annotate(count=Count("id")).filter(count__gte=OFTEN)
        .order_by("-count", "service", "category")[:MOST_CLUSTERS]
    )  # fmt: skip
    previous = Incident.objects.visible_to(person).filter(opened_at__gte=earlier, opened_at__lt=since)
    before = {
        (row["service"], row["category"]): row["count"]
        for row in previous.order_by().values("service", "category").annotate(count=Count("id"))
    }
    services = Service.objects.in_bulk([row["service"] for row in groups if row["service"]])
    return [_cluster(row, services, before, days) for row in groups]


def _cluster(row: Mapping[str, Any], services: Mapping[int, Service], before: Mapping[Any, int], days: int) -> Cluster:
    service = services.get(row["service"])
    facts = _facts(service.number if service else "none", row["category"])
    earlier = before.get((row["service"], row["category"]), 0)
    return Cluster(service, row["category"], row["count"], earlier, _url(facts, days))


def _facts(service: str, category: str) -> dict[str, str]:
    return {"service": service, "category": category or "none"}


def _day(days: int) -> str:
    day: date = timezone.localdate() - timedelta(days=days - 1)
    return day.isoformat()


def _counts(facts: Mapping[str, str], person: Actor, days: int) -> tuple[int, int]:
    """As the list counts them, in this period and in the one before."""
    kind = kind_of(Incident)
    now = Listing.of(kind, person, {**facts, "opened_at.from": _day(days)})
    then = Listing.of(kind, person, {**facts, "opened_at.from": _day(2 * days), "opened_at.to": _day(days)})
    return now.count(), then.count()


def _url(facts: Mapping[str, str], days: int) -> str:
    return f"{reverse('incident-list')}?{urlencode({**facts, 'opened_at.from': _day(days)})}"


def _linked(number: str) -> set[str]:
    out = Link.objects.filter(number=number).values_list("other_number", flat=True)
    return {*out, *Link.objects.filter(other_number=number).values_list("number", flat=True)}


@lru_cache(maxsize=8192)
def _words(title: str) -> frozenset[str]:
    return frozenset(words_of(title))


def _weights(titles: Sequence[Iterable[str]]) -> dict[str, float]:
    """Rare words tell more than those that every title has."""
    having = Counter(word for words in titles for word in words)
    return {word: log(1 + len(titles) / count) for word, count in having.items()}


def _share(one: frozenset[str], other: frozenset[str], weight: Mapping[str, float]) -> float:
    both = sum(weight[word] for word in one & other)
    either = sum(weight[word] for word in one | other)
    return both / either if either else 0.0
