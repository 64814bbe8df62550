"""5.3 a, b, c: who answers for what, then and now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.resolution.stage import asked, at, verdict

from gnomon.organization import evidence
from gnomon.organization.kinds import PERSON, RESPONSIBILITY, ROLE
from gnomon.organization.models import Person, Role
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]

SMS, REPORTING, DESCRIBED = (
    evidence.the_management_system_is_answered_for,
    evidence.reporting_is_answered_for,
    evidence.roles_are_described,
)


def somebody(name: str, role: str) -> Any:
    return actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title=name, roles=[role])


@pytest.fixture
def mona(db: None) -> Person:
    return somebody("Mona Vale", "sms_manager")


@pytest.fixture
def theo(db: None) -> Person:
    return somebody("Theo Lake", "top_management")


def a_role(code: str = "sms_manager") -> Any:
    return Role.objects.filter(code=code).first() or actions.record(
        ROLE, by=SYSTEM, at=at("01-01 00:00"), title=code, code=code, description="Keeps it.", authorities="Stops it."
    )


def given(to: Person, by: Any, when: str = "02-01 09:00", **facts: Any) -> Any:
    usual = {"title": "Management system", "since": date(2026, 2, 1), "role": a_role()}
    return actions.record(RESPONSIBILITY, by=by, at=at(when), person=to, **{**usual, **facts})


def test_the_management_system_must_be_given_by_top_management(mona: Person, theo: Person) -> None:
    assert verdict(SMS, "03-01 00:00") == "nonconforming"
    by_itself = given(mona, SYSTEM)
    assert asked(SMS, "03-01 00:00").failed == [by_itself.number]
    assert verdict(SMS, "03-01 00:00") == "nonconforming"
    given(mona, theo)
    # one of two was given by top management, and one must be
    assert verdict(SMS, "03-01 00:00") == "observation"


def test_a_responsibility_counts_from_its_day_until_it_ends(mona: Person, theo: Person) -> None:
    held = given(mona, theo)
    assert asked(SMS, "01-15 00:00").seen == 0
    assert verdict(SMS, "03-01 00:00") == "conforming"
    actions.move(held, "end", by=SYSTEM, at=at("04-01 09:00"), until=date(2026, 4, 1))
    assert verdict(SMS, "03-15 00:00") == "conforming"
    assert verdict(SMS, "04-02 00:00") == "nonconforming"


def test_whoever_left_answers_for_nothing(mona: Person, theo: Person) -> None:
    given(mona, theo)
    actions.move(mona, "leave", by=SYSTEM, at=at("05-01 09:00"), because="A new position.")
    assert verdict(SMS, "04-30 00:00") == "conforming"
    assert verdict(SMS, "05-02 00:00") == "nonconforming"


def test_reporting_to_top_management_needs_somebody(mona: Person, theo: Person) -> None:
    given(mona, theo, clause="8.6.1")
    assert verdict(REPORTING, "03-01 00:00") == "nonconforming"
    given(mona, theo, "03-02 09:00", clause="9.4", title="Service reports")
    assert verdict(REPORTING, "03-01 00:00") == "nonconforming"
    assert verdict(REPORTING, "03-03 00:00") == "conforming"


def test_roles_in_use_say_what_they_are_for_and_what_they_may_decide() -> None:
    for role in Role.objects.all():
        actions.move(role, "retire", by=SYSTEM, at=at("01-02 00:00"), because="Not used here.")
    assert verdict(DESCRIBED, "02-01 00:00") == "nonconforming"
    bare = actions.record(ROLE, by=SYSTEM, at=at("01-03 00:00"), title="Scribe", code="scribe", description="Writes.")
    assert asked(DESCRIBED, "02-01 00:00").failed == [bare.number]
    actions.change(bare, by=SYSTEM, at=at("02-02 00:00"), authorities="May ask everybody.")
    assert verdict(DESCRIBED, "02-01 00:00") == "nonconforming"
    assert verdict(DESCRIBED, "02-03 00:00") == "conforming"


@pytest.mark.clause("5.1")
def test_a_role_in_use_states_its_authorities() -> None:
    check = evidence.roles_have_authorities
    assert verdict(check, "02-01 00:00") == "undetermined"
    a_role()
    # what the role may decide is not told apart, so nothing is proven
    assert verdict(check, "02-01 00:00") == "undetermined"
    mute = actions.record(ROLE, by=SYSTEM, at=at("02-05 00:00"), title="Reporter", code="reporter", authorities=" ")
    assert asked(check, "02-06 00:00").failed == [mute.number]
    assert verdict(check, "02-06 00:00") == "nonconforming"
    assert verdict(check, "02-04 00:00") == "undetermined"
