"""What an incident from elsewhere is held to: the agreement that was in force when it opened (8.3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gnomon.agreements.clocks import pins_for
from gnomon.agreements.models import Customer
from gnomon.portfolio.models import Service
from gnomon.records.facts import fact

Asked = tuple[str | None, str | None, date]


def pins_then(told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """For each incident's first facts, those that pin it; nothing where the log itself names an agreement."""
    known: dict[Asked, Mapping[str, Any]] = {}
    found: list[Mapping[str, Any]] = []
    for facts in told:
        if "sla" in facts:
            found.append({})
            continue
        opened = timezone.localdate(datetime.fromisoformat(facts["opened_at"]))
        asked = facts.get("service"), facts.get("customer"), opened
        if asked not in known:
            known[asked] = _pins(*asked)
        found.append(known[asked])
    return found


def _pins(service: str | None, customer: str | None, day: date) -> Mapping[str, Any]:
    pins = pins_for(
        Service.objects.filter(number=service).first() if service else None,
        Customer.objects.filter(number=customer).first() if customer else None,
        on=day,
    )
    return {name: fact(value) for name, value in pins.items()}
