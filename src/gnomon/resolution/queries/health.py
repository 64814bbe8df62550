"""What works now: each live service, judged by its open incidents, in words that customers may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db.models import Q

from gnomon.agreements.entitlements import usable_services
from gnomon.agreements.levels import Priority
from gnomon.portfolio.models import Service
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

State = Literal["down", "disturbed", "works"]
ORDER: Sequence[State] = ("down", "disturbed", "works")


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What was published about a disturbance: the text, when the next one comes, and where it stands."""

    number: str
    title: str
    text: str
    published_at: datetime | None = None
    next_update_at: datetime | None = None
    url: str = ""
    service: str = ""
    followed: bool = False


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """Whether one service works, since when it does not, and what was published about it."""

    service: Service
    state: State
    since: datetime | None = None
    disturbances: Sequence[Disturbance] = field(default_factory=list)


def health(person: Actor, published: Sequence[Disturbance] = ()) -> list[ServiceHealth]:
    """The live services that this person may use, the worst first; no incident is told of, only its effect."""
    services = usable_services(person).order_by("title")
    worst: dict[int, tuple[State, datetime]] = {}
    for service, priority, is_major, opened_at in pressing():
        state: State = "down" if is_major or priority == Priority.CRITICAL else "disturbed"
        known, since = worst.get(service, (state, opened_at))
        worst[service] = (min(known, state, key=ORDER.index), min(since, opened_at))
    found = []
    for service in services:
        told = [one for one in published if one.service == service.number]
        state, since = worst.get(service.pk, ("disturbed" if told else "works", None))  # type: ignore[assignment]
        found.append(ServiceHealth(service, state, since or (told[0].published_at if told else None), told))
    return sorted(found, key=lambda one: ORDER.index(one.state))


def pressing() -> list[tuple[int, int | None, bool, datetime]]:
    """Service, priority, whether major, and beginning of the open incidents that others feel too."""
    felt = Q(is_major=True) | Q(priority__lte=Priority.HIGH)
    rows = Incident.objects.within_phases(Phase.OPEN, Phase.WAITING).filter(felt, service__status="live")
    return list(rows.order_by("pk").values_list("service", "priority", "is_major", "opened_at")[:5000])
