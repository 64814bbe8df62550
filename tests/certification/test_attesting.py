"""Who may judge or attest what, on which document, and when somebody should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.certification.conftest import Evidence
from tests.makers import a_person

from gnomon.certification.actions import judge, run_checks
from gnomon.certification.actions.reminding import remind_judges
from gnomon.certification.menu import to_judge
from gnomon.certification.models import Judgement
from gnomon.certification.queries.attestations import Standing, attestations
from gnomon.certification.queries.live import examine_live
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.governance.models import Message, Receipt
from gnomon.organization.models import Person
from gnomon.records.actions import move, record
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]

# 5.1-l is attested, 8.6.1-l assisted, 8.6.1-e decided by the records alone.
ATTESTED, ASSISTED, AUTOMATIC = "5.1-l", "8.6.1-l", "8.6.1-e"
MONTHS_AGO = datetime.now(UTC) - timedelta(days=200)


@pytest.fixture
def theo(db: None) -> Person:
    """Leads the organization."""
    return a_person("Theo Lake", username="theo", roles=["top_management"])


@pytest.fixture
def whole(evidence: Evidence) -> Evidence:
    """The records behind all three hold."""
    evidence.says(ATTESTED, Finding(["RSP-000001"]))
    evidence.says(ASSISTED, Finding(["INC-000007"]))
    evidence.says(AUTOMATIC, Finding(["INC-000007"]))
    return evidence


def a_document(owner: Person, *, by: Any = SYSTEM, publish: bool = True) -> Any:
    made = record(DOCUMENT, by=by, title="Minutes", type="record", text="We met.", owner=owner, approved_by=owner)
    return move(made, "publish", by=SYSTEM) if publish else made


def status_now(requirement: str) -> str:
    return str(examine_live(datetime.now(UTC), requirement)[0].verdict.status)


def standing(requirement: str) -> Standing:
    (found,) = [each.standing for each in attestations() if each.requirement.id == requirement]
    return found


def test_what_is_attested_needs_authority_and_a_document(whole: Evidence, dave: Person, theo: Person) -> None:
    with pytest.raises(InvalidFacts, match=r"5\.1-l is attested by the SMS manager or top management"):
        judge(ATTESTED, "conforming", by=dave, reason="I saw it.", document=a_document(theo))
    with pytest.raises(InvalidFacts, match="Link the published document that bears it out"):
        judge(ATTESTED, "conforming", by=theo, reason="I saw it.")
    assert status_now(ATTESTED) == "undetermined"
    judge(ATTESTED, "conforming", by=theo, reason="I appointed them.", document=a_document(dave))
    assert status_now(ATTESTED) == "conforming"


def test_nobody_judges_by_their_own_document(whole: Evidence, mona: Person, dave: Person) -> None:
    for own in (a_document(mona), a_document(dave, by=mona)):
        with pytest.raises(InvalidFacts, match=f"{own.number} is your own document. Have somebody else judge by it"):
            judge(ASSISTED, "conforming", by=mona, reason="I wrote it.", document=own)
    judge(ASSISTED, "conforming", by=mona, reason="Dave wrote it.", document=a_document(dave))


def test_a_draft_bears_nothing_out(whole: Evidence, mona: Person, dave: Person) -> None:
    draft = a_document(dave, publish=False)
    with pytest.raises(InvalidFacts, match=f"{draft.number} is not published"):
        judge(ASSISTED, "conforming", by=mona, reason="It reads well.", document=draft)


def test_what_records_decide_alone_is_not_judged(whole: Evidence, mona: Person) -> None:
    with pytest.raises(InvalidFacts, match=r"The records alone decide 8\.6\.1-e; nobody judges it"):
        judge(AUTOMATIC, "conforming", by=mona, reason="Fine.")


def test_an_attestation_outlives_a_change_of_evidence_and_a_judgement_does_not(
    whole: Evidence, theo: Person, dave: Person
) -> None:
    judge(ATTESTED, "conforming", by=theo, reason="I appointed them.", document=a_document(dave))
    judge(ASSISTED, "conforming", by=dave, reason="All read.")
    whole.says(ATTESTED, Finding(["RSP-000001", "RSP-000002"]))
    whole.says(ASSISTED, Finding(["INC-000007", "INC-000008"], late=["INC-000008"]))
    assert (status_now(ATTESTED), status_now(ASSISTED)) == ("conforming", "undetermined")


def test_a_judgement_without_records_proves_nothing(evidence: Evidence, dave: Person) -> None:
    judge(ASSISTED, "conforming", by=dave, reason="All is well.")
    assert status_now(ASSISTED) == "not_checked"
    judge(ASSISTED, "nonconforming", by=dave, reason="Nothing was reviewed.")
    assert status_now(ASSISTED) == "nonconforming"


def test_each_person_is_shown_what_they_should_judge(whole: Evidence, mona: Person, dave: Person) -> None:
    assert (to_judge(mona), standing(ASSISTED)) == (0, Standing.WAITING)
    run_checks(by=SYSTEM)
    # the auditor has no authority to attest
    assert (to_judge(mona), to_judge(dave)) == (2, 1)
    judge(ASSISTED, "conforming", by=dave, reason="All read.")
    run_checks(by=SYSTEM)
    assert (to_judge(mona), to_judge(dave), standing(ASSISTED)) == (1, 0, Standing.VALID)
    whole.says(ASSISTED, Finding(["INC-000007"], late=["INC-000007"]))
    run_checks(by=SYSTEM)
    assert (to_judge(dave), standing(ASSISTED)) == (1, Standing.LAPSED)


def test_judges_are_reminded_once_before_their_judgement_lapses(whole: Evidence, dave: Person) -> None:
    soon = datetime.now(UTC) + timedelta(days=20)
    made = judge(ASSISTED, "conforming", by=dave, reason="All read.", at=MONTHS_AGO, valid_until=soon)
    run_checks(by=SYSTEM)
    assert standing(ASSISTED) is Standing.LAPSING
    assert [remind_judges(), remind_judges()] == [1, 1]
    message = Message.objects.get(cause=f"{made.number}/lapses")
    assert message.titles["en"] == f"Your judgement on 8.6.1-l lapses on {soon:%Y-%m-%d}: judge it again"
    assert [each.person for each in Receipt.objects.filter(message=message)] == [dave.number]


def test_the_page_of_attestations_begins_with_what_is_due(whole: Evidence, mona_browser: Client) -> None:
    run_checks(by=SYSTEM)
    page = mona_browser.get("/certification/attestations").content.decode()
    # 136 are assisted and 4 attested
    assert page.count('class="list-first"') == 140
    assert page.index("5.1-l") < page.index("4.1-a")
    mine = mona_browser.get("/certification/attestations?mine=1").content.decode()
    assert mine.count('class="list-first"') == 2


def test_refusals_stand_beside_the_field(whole: Evidence, mona: Person, mona_browser: Client) -> None:
    own = a_document(mona)
    asked = {"verdict": "conforming", "reason": "Mine.", "document": own.pk}
    answer = mona_browser.post(f"/certification/requirements/{ASSISTED}/judge", asked)
    assert answer.status_code == 422
    assert "is your own document" in answer.content.decode()
    assert not Judgement.objects.exists()
