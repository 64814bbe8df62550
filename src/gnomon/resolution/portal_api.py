"""What works now, by REST: the same as requesters read in the portal (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.jobs.moments import written
from gnomon.records.actions.about import LONGEST_COMMENT
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.models import Record
from gnomon.records.refusals import MoveRefused
from gnomon.resolution.published import published
from gnomon.resolution.queries.health import Disturbance, health
from gnomon.resolution.ratings import may_rate
from gnomon.resolution.ratings import rate as keep_rating


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
    """The live services that the person may use, the worst first."""

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


class RateGiven(Given):
    """What somebody says of how their incident was dealt with."""

    score: int = Field(ge=1, le=5)
    comment: str = Field(default="", max_length=LONGEST_COMMENT)


def rate(call: Call) -> Record:
    """Rate a closed incident of one's own, once."""
    if not may_rate(call.record, call.person):
        says = _("%(number)s is not yours to rate now: its requester rates it once, after it was closed.")
        raise MoveRefused(says % {"number": call.record.number})
    return keep_rating(
        call.record, call.person, call.given["score"], call.given.get("comment", "").strip(), by=call.person
    )


RATE = Endpoint(
    "rate_incident", "post", "rate", rate, "Rate how it went", kind="incident", takes=RateGiven,
    description="Its requester rates a closed incident once, from 1 to 5, with a comment; answers the rating.",
)  # fmt: skip
SERVICE_HEALTH = Endpoint(
    "service_health", "get", "service-health", service_health, "What works now?", tells=HealthTold,
    description="Each live service that you may use: down, disturbed or works, with what was published about it.",
)  # fmt: skip
