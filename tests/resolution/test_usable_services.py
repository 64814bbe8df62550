"""Requesters see in the portal the services that were agreed with their customer; all, when nothing was (8.3.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.resolution.makers import a_service

from gnomon.agreements.entitlements import usable_services
from gnomon.organization.actions import make_token
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]


@pytest.fixture
def services(alice):
    made = [a_service(title, owner=alice) for title in ("Mail", "Payroll", "Wiki")]
    return [actions.move(one, "go_live", by=SYSTEM) for one in made]


@pytest.fixture
def acme():
    return actions.record(kind_named("customer"), by=SYSTEM, title="Acme")


def agreed(service, customer, **facts):
    now = timezone.now()
    made = actions.record(
        kind_named("service_level_agreement"), by=SYSTEM, title=f"{service.title} for {customer.title}", service=service,
        customer=customer, customer_agreed_at=now, provider_agreed_at=now,
        targets=[{"priority": 1, "resolve_minutes": 60}],
        calendar=actions.record(kind_named("work_calendar"), by=SYSTEM, title=service.title, hours=HOURS), **facts,
    )  # fmt: skip
    actions.move(made, "agree", by=SYSTEM)
    return made


def titles(person):
    return sorted(usable_services(person).values_list("title", flat=True))


HOURS = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "18:00"]]}}
EVERYTHING = ["Mail", "Payroll", "Wiki"]


def test_who_belongs_to_no_customer_uses_all(services, acme, carol):
    agreed(services[0], acme)
    assert titles(carol) == EVERYTHING


def test_a_member_of_a_customer_uses_what_was_agreed_with_it(services, acme, carol, carol_browser):
    actions.join(acme, carol, "member", by=SYSTEM)
    assert titles(carol) == EVERYTHING, "nothing was agreed yet"
    agreed(services[0], acme)
    assert titles(carol) == ["Mail"]
    page = carol_browser.get("/portal").content.decode()
    assert "Mail" in page
    assert "Payroll" not in page
    form = carol_browser.get("/resolution/report").content.decode()
    assert ">Mail<" in form
    assert ">Payroll<" not in form
    refused = carol_browser.post(
        "/resolution/report", {"title": "x", "impact": 3, "urgency": 3, "service": services[1].pk}
    )
    assert refused.status_code == 422
    _token, text = make_token(carol, name="t", by=SYSTEM)
    told = carol_browser.get("/api/v1/service-health", headers={"Authorization": f"Bearer {text}"}).json()
    assert [one["title"] for one in told["services"]] == ["Mail"]


def test_the_contact_of_a_customer_belongs_to_it(services, acme, carol):
    actions.change(acme, by=SYSTEM, contact=carol)
    agreed(services[2], acme)
    assert titles(carol) == ["Wiki"]


def test_two_customers_give_the_services_of_both(services, acme, carol):
    other = actions.record(kind_named("customer"), by=SYSTEM, title="Bolt")
    for customer in (acme, other):
        actions.join(customer, carol, "member", by=SYSTEM)
    agreed(services[0], acme)
    agreed(services[1], other)
    assert titles(carol) == ["Mail", "Payroll"]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"effective_to": date(2020, 1, 1)}, EVERYTHING),
        ({"effective_from": timezone.localdate() + timedelta(days=2)}, EVERYTHING),
        ({"effective_from": date(2020, 1, 1)}, ["Mail"]),
    ],
)
def test_only_what_is_in_effect_today_counts(services, acme, carol, facts, found):
    actions.join(acme, carol, "member", by=SYSTEM)
    agreed(services[0], acme, **facts)
    assert titles(carol) == found


def test_a_service_that_is_no_longer_live_is_not_theirs(services, acme, carol):
    actions.join(acme, carol, "member", by=SYSTEM)
    agreed(services[0], acme)
    agreed(services[1], acme)
    actions.move(services[0], "retire", by=SYSTEM, because="Replaced.")
    assert titles(carol) == ["Payroll"]


def test_staff_use_all(services, acme, bob):
    actions.join(acme, bob, "member", by=SYSTEM)
    agreed(services[0], acme)
    assert titles(bob) == EVERYTHING
