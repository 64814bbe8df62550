"""A service, its customer, an agreement between them, and incidents that live by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from gnomon.agreements.kinds import customer as CUSTOMER
from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.agreements.models import Customer, ServiceLevelAgreement
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.organization.models import WorkCalendar
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.portfolio.models import Service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named

OFFICE = {
    "time_zone": "Asia/Shanghai",
    "week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}
TARGETS = [{"priority": 2, "respond_minutes": 30, "resolve_minutes": 300}, {"priority": 3, "resolve_minutes": 540}]


@pytest.fixture
def mail(db: None) -> Service:
    return cast(Service, actions.record(SERVICE, by=SYSTEM, title="Mail"))


@pytest.fixture
def harbour(db: None) -> Customer:
    return cast(Customer, actions.record(CUSTOMER, by=SYSTEM, title="Harbour Office"))


@pytest.fixture
def office(db: None) -> WorkCalendar:
    return cast(WorkCalendar, actions.record(WORK_CALENDAR, by=SYSTEM, title="Office hours", hours=OFFICE))


@pytest.fixture
def an_agreement(mail: Service, harbour: Customer, office: WorkCalendar) -> Callable[..., ServiceLevelAgreement]:
    """`an_agreement(targets=…)`: agreed by both sides unless `agreed=False`."""

    def make(*, agreed: bool = True, **facts: Any) -> ServiceLevelAgreement:
        day = datetime(2026, 1, 5, tzinfo=UTC)
        usual = {
            "title": "Mail for the harbour", "service": mail, "customer": harbour, "calendar": office,
            "targets": TARGETS, "customer_agreed_at": day, "provider_agreed_at": day,
        }  # fmt: skip
        made = actions.record(AGREEMENT, by=SYSTEM, **(usual | facts))
        return cast(ServiceLevelAgreement, actions.move(made, "agree", by=SYSTEM) if agreed else made)

    return make


@pytest.fixture
def an_incident(mail: Service, harbour: Customer) -> Callable[..., Any]:
    """`an_incident(at=…)`: about mail, of the harbour, of priority 3."""

    def make(*, at: datetime | None = None, **facts: Any) -> Any:
        usual = {"title": "No mail", "service": mail, "customer": harbour, "impact": 2, "urgency": 2}
        return actions.record(kind_named("incident"), by=SYSTEM, at=at, **(usual | facts))

    return make


@pytest.fixture
def resolve() -> Callable[..., Any]:
    def resolved(incident: Any, at: datetime | None = None) -> Any:
        return actions.move(
            incident, "resolve", by=SYSTEM, at=at, resolution="Restarted the queue", closure_code="solved"
        )

    return resolved
