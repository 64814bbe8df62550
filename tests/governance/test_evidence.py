"""5.3 d and 7.5: people are told what they answer for; documents are identified and controlled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.resolution.stage import asked, at, verdict

from gnomon.governance import evidence
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.governance.models import Message, Receipt
from gnomon.governance.notices.entries import tell_of
from gnomon.organization.kinds import PERSON, RESPONSIBILITY
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.5")]

TOLD, READ = evidence.responsibilities_are_communicated, evidence.responsibilities_are_acknowledged
IDENTIFIED, KEPT, EDITIONS = (
    evidence.published_documents_are_identified,
    evidence.documents_are_changed_by_their_keepers,
    evidence.editions_are_controlled,
)


def somebody(name: str) -> Any:
    return actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title=name, roles=["process_manager"])


@pytest.fixture
def grace(db: None) -> Person:
    return somebody("Grace Moor")


def given(to: Person, by: Any = SYSTEM, when: str = "02-01 09:00") -> Any:
    return actions.record(
        RESPONSIBILITY, by=by, at=at(when), title="Documents", person=to, authority="Publishes.", since=date(2026, 2, 1)
    )


def told(number: str, person: Person, when: str) -> Receipt:
    """A message about a record, at a time; the one that went out in the test is taken to be that one."""
    Receipt.objects.filter(message__number=number).delete()
    Message.objects.filter(number=number).delete()
    message = Message.objects.create(
        cause=f"{number}/{when}", what="assigned", kind="responsibility", number=number, titles={"en": "You answer"},
        told_at=at(when),
    )  # fmt: skip
    return Receipt.objects.create(message=message, person=person.number)


@pytest.mark.clause("5.3")
def test_whoever_is_given_a_responsibility_gets_a_message(grace: Person) -> None:
    made = given(grace)
    entry = LedgerEntry.objects.get(number=made.number)
    tell_of(entry.sequence)
    assert Receipt.objects.get(message__number=made.number).person == grace.number


@pytest.mark.clause("5.3")
def test_a_responsibility_is_told_within_thirty_days(grace: Person) -> None:
    assert verdict(TOLD, "03-01 00:00") == "undetermined"
    made = given(grace)
    Receipt.objects.all().delete()
    # thirty days from the first of February (its midnight) end on the third of March
    assert asked(TOLD, "03-02 00:00").seen == 0
    assert asked(TOLD, "03-04 00:00").failed == [made.number]
    assert verdict(TOLD, "03-04 00:00") == "nonconforming"
    told(made.number, grace, "03-10 09:00")
    assert asked(TOLD, "03-11 00:00").late == [made.number]
    assert verdict(TOLD, "03-11 00:00") == "observation"
    told(made.number, grace, "02-02 09:00")
    assert verdict(TOLD, "03-11 00:00") == "conforming"


@pytest.mark.clause("5.3")
def test_reading_the_message_acknowledges_it(grace: Person) -> None:
    assert verdict(READ, "03-01 00:00") == "nonconforming"
    made = given(grace)
    receipt = told(made.number, grace, "02-02 09:00")
    assert asked(READ, "03-01 00:00").failed == [made.number]
    receipt.read_at = at("03-05 00:00")
    receipt.save()
    assert asked(READ, "03-01 00:00").failed == [made.number]
    assert verdict(READ, "03-06 00:00") == "conforming"


@pytest.mark.clause("5.3")
def test_whoever_takes_a_responsibility_knows_of_it(grace: Person) -> None:
    grace.roles = ["sms_manager"]
    grace.save()
    given(grace, by=grace)
    assert verdict(TOLD, "03-11 00:00") == "conforming"
    assert verdict(READ, "03-11 00:00") == "conforming"


def a_document(owner: Person, *, publish: str = "02-01 10:00") -> Any:
    made = actions.record(
        DOCUMENT, by=SYSTEM, at=at("02-01 09:00"), title="Policy", type="policy", text="We serve.", owner=owner,
        approved_by=owner, edition="1",
    )  # fmt: skip
    return actions.move(made, "publish", by=SYSTEM, at=at(publish)) if publish else made


def test_published_documents_are_identified(grace: Person) -> None:
    assert verdict(IDENTIFIED, "03-01 00:00") == "nonconforming"
    a_document(grace, publish="")
    assert asked(IDENTIFIED, "03-01 00:00").seen == 0
    policy = a_document(grace)
    assert verdict(IDENTIFIED, "03-01 00:00") == "conforming"
    assert asked(IDENTIFIED, "02-01 09:30").seen == 0
    actions.change(policy, by=SYSTEM, at=at("03-05 00:00"), edition="")
    assert asked(IDENTIFIED, "03-06 00:00").failed == [policy.number]
    assert verdict(IDENTIFIED, "03-06 00:00") == "nonconforming"


def test_nobody_approves_what_they_wrote_themselves(grace: Person) -> None:
    check = evidence.documents_are_approved_by_others
    assert verdict(check, "03-01 00:00") == "undetermined"
    a_document(grace)
    # who reviewed it is not kept, so nothing is proven
    assert verdict(check, "03-01 00:00") == "undetermined"
    olu = somebody("Olu Ash")
    own = actions.record(
        DOCUMENT, by=olu, at=at("03-02 09:00"), title="Plan", type="plan", text="Soon.", approved_by=olu, edition="1"
    )
    actions.move(own, "publish", by=SYSTEM, at=at("03-02 10:00"))
    assert verdict(check, "03-02 09:30") == "undetermined"
    assert asked(check, "03-03 00:00").failed == [own.number]
    assert verdict(check, "03-03 00:00") == "nonconforming"


def test_only_keepers_change_documents(grace: Person) -> None:
    assert verdict(KEPT, "03-01 00:00") == "not_applicable"
    policy = a_document(grace)
    actions.change(policy, by=grace, at=at("02-10 00:00"), text="We serve well.")
    assert verdict(KEPT, "03-01 00:00") == "conforming"
    stranger = somebody("Olu Ash")
    actions.change(policy, by=stranger, at=at("03-10 00:00"), text="We serve others.")
    assert verdict(KEPT, "03-09 00:00") == "conforming"
    assert asked(KEPT, "03-11 00:00").failed == [policy.number]
    assert verdict(KEPT, "03-11 00:00") == "nonconforming"
    # ninety days later the change lies outside the window
    assert asked(KEPT, "06-20 00:00").seen == 0


def test_a_new_edition_has_a_name_of_its_own(grace: Person) -> None:
    assert verdict(EDITIONS, "03-01 00:00") == "nonconforming"
    policy = a_document(grace)
    assert verdict(EDITIONS, "03-01 00:00") == "conforming"
    actions.move(policy, "revise", by=SYSTEM, at=at("03-10 00:00"), because="Yearly review.")
    actions.move(policy, "publish", by=SYSTEM, at=at("03-11 00:00"))
    assert asked(EDITIONS, "03-12 00:00").failed == [policy.number]
    actions.move(policy, "revise", by=SYSTEM, at=at("03-13 00:00"), because="Number of the edition.")
    actions.change(policy, by=SYSTEM, at=at("03-13 00:00") + timedelta(hours=1), edition="2")
    actions.move(policy, "publish", by=SYSTEM, at=at("03-14 00:00"))
    # what once went out as a second “1” stays a fault of the past
    assert asked(EDITIONS, "03-15 00:00").failed == [policy.number]
