"""8.2.1 b, 8.2.2 c, 5.1 l, 5.3 c: live services are owned and rated, and roles and services are given to somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.resolution.stage import asked, at, verdict

from gnomon.organization.kinds import PERSON, RESPONSIBILITY, ROLE
from gnomon.portfolio import evidence
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.2.1")]

OWNED = evidence.live_services_have_an_active_owner


def a_service(**facts: Any) -> tuple[Any, Any]:
    """Live since the twentieth of January, with its owner."""
    owner = actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title="Alice Chen")
    made = actions.record(SERVICE, by=SYSTEM, at=at("01-02 00:00"), title="Mail", owner=owner, **facts)
    return actions.move(made, "go_live", by=SYSTEM, at=at("01-20 00:00")), owner


def test_live_services_need_an_owner_who_is_with_us() -> None:
    # without any live service the requirement is not met
    assert verdict(OWNED, "02-01 00:00") == "nonconforming"
    mail, owner = a_service()
    assert asked(OWNED, "01-15 00:00").seen == 0
    assert verdict(OWNED, "02-01 00:00") == "conforming"
    actions.move(owner, "leave", by=SYSTEM, at=at("03-01 00:00"), because="Retires.")
    assert asked(OWNED, "03-02 00:00").failed == [mail.number]
    assert verdict(OWNED, "03-02 00:00") == "nonconforming"
    assert verdict(OWNED, "02-28 00:00") == "conforming"


def test_what_is_out_of_scope_is_not_asked_about() -> None:
    a_service(in_scope=False)
    assert asked(OWNED, "02-01 00:00").seen == 0


@pytest.mark.clause("8.2.2")
def test_a_live_service_without_a_criticality_was_not_rated() -> None:
    check = evidence.live_services_are_rated
    assert verdict(check, "02-01 00:00") == "undetermined"
    mail, _owner = a_service(criticality=1)
    # why it is rated so is not kept, so nothing is proven
    assert verdict(check, "02-01 00:00") == "undetermined"
    actions.change(mail, by=SYSTEM, at=at("03-01 00:00"), criticality=None)
    assert asked(check, "03-02 00:00").failed == [mail.number]
    assert verdict(check, "03-02 00:00") == "nonconforming"
    assert verdict(check, "02-28 00:00") == "undetermined"


@pytest.mark.clause("5.1")
def test_a_live_service_has_somebody_who_leads_it() -> None:
    check = evidence.services_are_led
    assert verdict(check, "02-01 00:00") == "undetermined"
    mail, owner = a_service()
    assert verdict(check, "02-01 00:00") == "undetermined"
    actions.move(owner, "leave", by=SYSTEM, at=at("03-01 00:00"), because="Retires.")
    assert asked(check, "03-02 00:00").failed == [mail.number]
    assert verdict(check, "03-02 00:00") == "nonconforming"


def a_role(code: str) -> Any:
    return actions.record(ROLE, by=SYSTEM, at=at("01-01 00:00"), title=code, code=code)


@pytest.mark.clause("5.3")
def test_a_role_in_use_is_given_by_a_responsibility_or_to_a_person() -> None:
    check = evidence.roles_and_services_are_given
    assert verdict(check, "02-01 00:00") == "undetermined"
    desk, plan = a_role("agent"), a_role("planner")
    assert sorted(asked(check, "01-15 00:00").failed) == sorted([desk.number, plan.number])
    bob = actions.record(PERSON, by=SYSTEM, at=at("01-20 00:00"), title="Bob Lindqvist", roles=["agent"])
    assert asked(check, "01-21 00:00").failed == [plan.number]
    held = actions.record(
        RESPONSIBILITY, by=SYSTEM, at=at("01-25 00:00"), title="Plans", person=bob, role=plan, since=date(2026, 1, 25)
    )
    # nobody says who answers for each process, so nothing is proven
    assert asked(check, "01-26 00:00").failed == []
    assert verdict(check, "01-26 00:00") == "undetermined"
    actions.move(held, "end", by=SYSTEM, at=at("02-01 00:00"), until=date(2026, 2, 1))
    assert asked(check, "02-03 00:00").failed == [plan.number]
    actions.move(bob, "leave", by=SYSTEM, at=at("03-01 00:00"), because="A new position.")
    assert sorted(asked(check, "03-02 00:00").failed) == sorted([desk.number, plan.number])
    assert verdict(check, "03-02 00:00") == "nonconforming"


@pytest.mark.clause("5.3")
def test_roles_of_people_outside_wait_for_nobody() -> None:
    for code in ("requester", "external_auditor"):
        a_role(code)
    assert asked(evidence.roles_and_services_are_given, "02-01 00:00").seen == 0
