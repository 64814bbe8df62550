"""A year of incidents of every sort, seeded and shared by the tests that only read them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from gnomon.agreements.models import Customer, ServiceLevelAgreement
from gnomon.organization.models import Team
from gnomon.portfolio.models import Service
from gnomon.resolution.models import Incident

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Shared = Callable[[], Any]


@contextmanager
def shared(blocker: Any, fill: Shared) -> Iterator[Any]:
    """Fill the database once for all tests of a module and take everything back afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield fill()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def mixed_year(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Incident]]:
    with shared(django_db_blocker, make_mixed_year) as made:
        yield made


def make_mixed_year(count: int = 260) -> list[Incident]:
    """Open, waiting, resolved, reopened, closed, cancelled; with and without service, team, priority, verdict."""
    draw = random.Random(8_6_1)
    services, teams, customers = _several(Service, 3), _several(Team, 4), _several(Customer, 2)
    made = [_incident(at, draw, services, teams, customers) for at in range(1, count + 1)]
    agreements = _several(ServiceLevelAgreement, 2)
    for at, incident in enumerate(made):
        incident.sla = agreements[at % 3]
        incident.responded_at = incident.opened_at + timedelta(minutes=at % 50) if at % 4 else None
        incident.escalated_at = incident.opened_at + timedelta(hours=1) if at % 5 == 0 else None
    return Incident.objects.bulk_create(made)


def _several(model: Any, count: int) -> list[Any]:
    known = [
        model.objects.create(number=f"X{model.__name__[0]}-{at}", title=f"{model.__name__} {at}", status="active",
                             recorded_at=BEGIN)
        for at in range(count)
    ]  # fmt: skip
    return [*known, None]


CATEGORIES = ("", "mail", "mail", "a, b & c=1", "网络 “故障”", "100%", "x+y")


def _incident(at: int, draw: random.Random, services: list[Any], teams: list[Any], customers: list[Any]) -> Incident:
    opened_at = BEGIN + timedelta(minutes=draw.randrange(300 * 24 * 60))
    resolved_at = opened_at + timedelta(minutes=draw.randrange(60 * 24 * 60))
    closed_at = resolved_at + timedelta(days=5)
    status = draw.choice(("new", "waiting", "in_progress", "resolved", "closed", "closed", "closed", "cancelled"))
    met = draw.choice((True, True, False, None))
    if status in {"new", "waiting", "in_progress", "cancelled"}:
        resolved = None
    else:
        # one in ten was closed by a source that told no time of resolution
        resolved = None if status == "closed" and draw.random() < 0.1 else resolved_at
    return Incident(
        number=f"INC-{at:06d}", title=f"Incident {at}", status=status, version=1, recorded_at=opened_at,
        opened_at=opened_at, resolved_at=resolved, closed_at=closed_at if status in {"closed", "cancelled"} else None,
        service=draw.choice(services), team=draw.choice(teams), customer=draw.choice(customers),
        priority=draw.choice((1, 2, 3, 4, None)), category=draw.choice(CATEGORIES),
        reopen_count=draw.choice((0, 0, 0, 1, 3)), reassignment_count=draw.choice((0, 0, 1, 2, 9)),
        first_contact_resolution=draw.random() < 0.3, is_major=at % 7 == 0, major_declared_at=opened_at,
        resolve_met=met if resolved else None, respond_met=draw.choice((True, False, None)),
        source_made_sla=draw.choice((True, False, None)),
    )  # fmt: skip
