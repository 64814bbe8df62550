"""8.3.2 a, b; 8.3.4.2 a; 7.5.4 h, j: customers, teams under agreement, and documents linked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.agreements.test_evidence import a_service, an_agreement
from tests.makers import a_team
from tests.resolution.stage import asked, at, verdict

from gnomon.agreements import evidence
from gnomon.agreements.kinds import customer as CUSTOMER
from gnomon.agreements.kinds import operational_level_agreement as OLA
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.organization.kinds import PERSON
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Link

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.2")]

SERVED, RELATED = evidence.live_services_have_customers, evidence.customers_have_somebody_of_ours
COMPLETE = evidence.internal_agreements_are_complete
PAPER, INNER_PAPER = evidence.agreements_are_documented, evidence.internal_agreements_are_documented


def a_document(**facts: Any) -> Any:
    alice = actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title="Alice Chen")
    usual = {"title": "Agreement", "type": "record", "text": "Signed.", "approved_by": alice, "edition": "1"}
    made = actions.record(DOCUMENT, by=SYSTEM, at=at("01-02 00:00"), **{**usual, **facts})
    return actions.move(made, "publish", by=SYSTEM, at=at("01-03 00:00"))


def linked(one: Any, other: Any, when: str) -> None:
    Link.objects.create(
        kind=one.kind.name, number=one.number, relation="relates", other_kind=other.kind.name,
        other_number=other.number, actor=SYSTEM.number, recorded_at=at(when),
    )  # fmt: skip


def test_live_services_say_whom_they_are_for() -> None:
    assert verdict(SERVED, "02-01 00:00") == "nonconforming"
    mail = a_service()
    assert asked(SERVED, "02-01 00:00").failed == [mail.number]
    an_agreement(mail, agreed=None)
    # the agreement was recorded on the fifth of January
    assert verdict(SERVED, "01-04 00:00") == "nonconforming"
    assert verdict(SERVED, "02-01 00:00") == "conforming"


def test_each_customer_has_somebody_of_ours() -> None:
    assert verdict(RELATED, "02-01 00:00") == "nonconforming"
    port = actions.record(CUSTOMER, by=SYSTEM, at=at("01-10 00:00"), title="Harbour Office")
    assert asked(RELATED, "02-01 00:00").failed == [port.number]
    yuan: Any = actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title="Yuan Song")
    actions.change(port, by=SYSTEM, at=at("02-02 00:00"), owner=yuan)
    assert verdict(RELATED, "02-01 00:00") == "nonconforming"
    assert verdict(RELATED, "02-03 00:00") == "conforming"
    assert isinstance(yuan, Person)


def test_a_customer_has_a_contact_and_a_service() -> None:
    check = evidence.customers_are_described
    assert verdict(check, "01-20 00:00") == "undetermined"
    carol = actions.record(PERSON, by=SYSTEM, at=at("01-01 00:00"), title="Carol Reed")
    port = actions.record(CUSTOMER, by=SYSTEM, at=at("01-02 00:00"), title="Harbour Office", contact=carol)
    assert asked(check, "01-04 00:00").failed == [port.number]
    an_agreement(a_service(), agreed=None, customer=port)
    # the agreement was recorded on the fifth; users and other parties are not kept, so nothing is proven
    assert asked(check, "01-06 00:00").failed == []
    assert verdict(check, "01-06 00:00") == "undetermined"
    actions.change(port, by=SYSTEM, at=at("02-01 00:00"), contact=None)
    assert verdict(check, "02-02 00:00") == "nonconforming"


@pytest.mark.clause("8.3.4.2")
def test_an_internal_agreement_that_ran_out_is_not_kept_up_to_date() -> None:
    check = evidence.internal_agreements_have_not_run_out
    assert verdict(check, "02-01 00:00") == "undetermined"
    ola = actions.record(
        OLA, by=SYSTEM, at=at("01-10 00:00"), title="Network", team=a_team("Network"), effective_to=date(2026, 3, 31),
        targets=[{"priority": 1, "resolve_minutes": 60}],
    )  # fmt: skip
    actions.move(ola, "agree", by=SYSTEM, at=at("02-01 00:00"), team_agreed_at=at("01-31 00:00"))
    # when it is reviewed next is not kept, so nothing is proven
    assert verdict(check, "03-31 12:00") == "undetermined"
    assert asked(check, "03-31 12:00").seen == 1
    assert asked(check, "04-01 12:00").failed == [ola.number]
    assert verdict(check, "04-01 12:00") == "nonconforming"


@pytest.mark.clause("8.3.4.2")
def test_a_team_under_agreement_agreed_on_all_of_it() -> None:
    assert verdict(COMPLETE, "02-01 00:00") == "not_applicable"
    team = a_team("Network")
    ola = actions.record(
        OLA, by=SYSTEM, at=at("01-10 00:00"), title="Network", team=team, activities="Lines", interfaces="By ticket",
        targets=[{"priority": 1, "resolve_minutes": 60}],
    )  # fmt: skip
    assert asked(COMPLETE, "01-20 00:00").failed == [team.number]
    actions.move(ola, "agree", by=SYSTEM, at=at("02-01 00:00"), team_agreed_at=at("01-31 00:00"))
    assert verdict(COMPLETE, "01-20 00:00") == "nonconforming"
    assert asked(COMPLETE, "02-02 00:00").failed == []
    actions.change(ola, by=SYSTEM, at=at("03-01 00:00"), interfaces="")
    assert asked(COMPLETE, "03-02 00:00").failed == [team.number]


@pytest.mark.clause("7.5.4")
def test_agreements_are_linked_with_a_published_document() -> None:
    assert verdict(PAPER, "02-01 00:00") == "nonconforming"
    mail = a_service()
    agreed, paper = an_agreement(mail), a_document()
    assert asked(PAPER, "02-01 00:00").failed == [mail.number]
    linked(paper, agreed, "02-05 00:00")
    assert verdict(PAPER, "02-04 00:00") == "nonconforming"
    assert verdict(PAPER, "02-06 00:00") == "conforming"
    actions.move(paper, "withdraw", by=SYSTEM, at=at("03-01 00:00"), because="Void.")
    assert verdict(PAPER, "03-02 00:00") == "nonconforming"


@pytest.mark.clause("7.5.4")
def test_internal_agreements_are_linked_with_one_too() -> None:
    assert verdict(INNER_PAPER, "02-01 00:00") == "not_applicable"
    team = a_team("Network")
    ola = actions.record(
        OLA,
        by=SYSTEM,
        at=at("01-10 00:00"),
        title="Network",
        team=team,
        targets=[{"priority": 1, "resolve_minutes": 60}],
    )
    actions.move(ola, "agree", by=SYSTEM, at=at("01-11 00:00"), team_agreed_at=at("01-10 00:00"))
    assert asked(INNER_PAPER, "02-01 00:00").failed == [team.number]
    linked(ola, a_document(), "02-05 00:00")
    assert verdict(INNER_PAPER, "02-06 00:00") == "conforming"
