"""Makers of what resolution works on, with good defaults."""

from __future__ import annotations

from typing import Any, cast

from gnomon.portfolio.kinds import service as SERVICE
from gnomon.portfolio.models import Service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident


def a_service(title: str = "Mail", **facts: Any) -> Service:
    return cast(Service, actions.record(SERVICE, by=SYSTEM, title=title, **facts))


def an_incident(title: str = "No mail arrives", **facts: Any) -> Incident:
    """Recorded by the system unless `by` says otherwise."""
    by, at = facts.pop("by", SYSTEM), facts.pop("at", None)
    return cast(Incident, actions.record(INCIDENT, by=by, at=at, title=title, **facts))
