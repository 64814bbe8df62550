"""What works now, by REST: the same as requesters read in the portal (8.6.1)."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from gnomon.jobs.moments import written
from gnomon.records.endpoints import Call, Endpoint
from gnomon.resolution.published import published
from gnomon.resolution.queries.health import Disturbance, health


class DisturbanceTold(Schema):
    """What was published about a disturbance, in the language of whoever asks."""

    number: str
    title: str
    text: str
    published_at: str | None
    next_update_at: str | None


class ServiceTold(Schema):
    """A service, whether it works, and since when it does not."""

    number: str
    title: str
    state: str
    since: str | None
    disturbances: list[DisturbanceTold]


class HealthTold(Schema):
    """All live services, the worst first."""

    services: list[ServiceTold]


def service_health(call: Call) -> dict[str, Any]:
    """Whether each service that the person may know of works."""
    services = health(call.person, published(call.person))
    return {
        "services": [
            {
                "number": one.service.number, "title": one.service.title, "state": one.state,
                "since": written(one.since) if one.since else None,
                "disturbances": [_told(disturbance) for disturbance in one.disturbances],
            }
            for one in services
        ]
    }  # fmt: skip


def _told(one: Disturbance) -> dict[str, Any]:
    return {
        "number": one.number, "title": one.title, "text": one.text,
        "published_at": written(one.published_at) if one.published_at else None,
        "next_update_at": written(one.next_update_at) if one.next_update_at else None,
    }  # fmt: skip


SERVICE_HEALTH = Endpoint(
    "service_health", "get", "service-health", service_health, "What works now?", tells=HealthTold,
    description="Each live service: down, disturbed or works, with what was published about it.",
)  # fmt: skip
