"""Ratings and agreements beside the year of incidents."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from tests.evaluation.conftest import BEGIN

from gnomon.agreements.models import Customer, ServiceLevelAgreement
from gnomon.organization.models import Person
from gnomon.portfolio.models import Service
from gnomon.resolution.models import SatisfactionRating

TARGETS = [{"priority": 1, "respond_minutes": 15, "resolve_minutes": 240}, {"priority": 3, "resolve_minutes": 1440}]


def make_ratings_and_agreements(incidents: list[Any]) -> None:
    """Every fourth closed incident rated or not answered; two agreements; services in every state."""
    draw = random.Random(9_4)
    asker = Person.objects.create(number="PER-9", title="Asker", status="active", recorded_at=BEGIN, username="asker")
    closed = [one for one in incidents if one.status == "closed"]
    SatisfactionRating.objects.bulk_create(
        SatisfactionRating(
            number=f"RAT-{at}", title="How was it?", recorded_at=one.closed_at, incident=one, requester=asker,
            status="answered" if at % 3 else "lapsed", score=draw.randrange(1, 6) if at % 3 else None,
            asked_at=one.closed_at, answered_at=one.closed_at + timedelta(days=at % 9) if at % 3 else None,
        )
        for at, one in enumerate(closed)
    )  # fmt: skip
    Service.objects.filter(number="XS-0").update(status="live")
    for at, customer in enumerate(Customer.objects.order_by("number")):
        ServiceLevelAgreement.objects.create(
            number=f"SLA-{at}", title=f"Agreement {at}", status="agreed", recorded_at=BEGIN, customer=customer,
            service=Service.objects.get(number="XS-0"), targets=TARGETS,
        )  # fmt: skip
