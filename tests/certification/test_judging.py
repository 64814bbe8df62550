"""A person judges what records cannot tell, on evidence that stands, for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.certification.conftest import Evidence

from gnomon.certification.actions import judge, run_checks
from gnomon.certification.models import Judgement
from gnomon.certification.queries import examine_live
from gnomon.organization.models import Person
from gnomon.records.actions import move
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.plugs import Finding

MONTHS_AGO = datetime.now(UTC) - timedelta(days=120)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]


def status_now(requirement: str, at: datetime | None = None) -> str:
    (outcome,) = examine_live(at or datetime.now(UTC), requirement)
    return str(outcome.verdict.status)


@pytest.fixture
def reviewed(evidence: Evidence) -> Evidence:
    """Every major incident was reviewed, by the records; whether well, a person must say (8.6.1-l is assisted)."""
    evidence.says("8.6.1-l", Finding(["INC-000007"]))
    return evidence


def test_records_alone_do_not_settle_what_a_person_must_judge(reviewed: Evidence, dave: Person) -> None:
    assert status_now("8.6.1-l") == "undetermined"
    judge("8.6.1-l", "conforming", by=dave, reason="Read the review: causes and actions are there.")
    assert status_now("8.6.1-l") == "conforming"


def test_a_judgement_names_its_judge_and_stands_in_the_ledger(reviewed: Evidence, dave: Person) -> None:
    made = judge("8.6.1-l", "observation", by=dave, reason="One action has no date.", at=MONTHS_AGO)
    entry = LedgerEntry.objects.get(number=made.number)
    assert (entry.actor, entry.verb, entry.because) == (dave.number, "judgement:recorded", "One action has no date.")
    assert made.judge == dave.number
    assert (made.valid_until.year, made.valid_until.month) == (made.judged_at.year + 1, made.judged_at.month)
    assert run_checks(by=dave).requirements.get(requirement="8.6.1-l").judgement == made.number


def test_a_judgement_lapses_when_the_evidence_changes(reviewed: Evidence, dave: Person) -> None:
    judge("8.6.1-l", "conforming", by=dave, reason="All read.")
    reviewed.says("8.6.1-l", Finding(["INC-000007", "INC-000008"], late=["INC-000008"]))
    assert status_now("8.6.1-l") == "undetermined"


def test_one_more_good_record_in_a_moving_window_leaves_the_judgement(reviewed: Evidence, dave: Person) -> None:
    judge("8.6.1-l", "conforming", by=dave, reason="All read.")
    reviewed.says("8.6.1-l", Finding(["INC-000007", "INC-000008"]))
    assert status_now("8.6.1-l") == "conforming"


def test_one_more_record_in_a_register_asks_for_a_new_judgement(evidence: Evidence, dave: Person) -> None:
    # 8.3.3-e looks at agreed SLAs as they stand: a register, not a moving window
    evidence.says("8.3.3-e", Finding(["SLA-000001"]))
    judge("8.3.3-e", "conforming", by=dave, reason="Drawn from the requirements.")
    evidence.says("8.3.3-e", Finding(["SLA-000001", "SLA-000002"]))
    assert status_now("8.3.3-e") == "undetermined"


def test_a_judgement_counts_from_its_day_until_its_time_is_over(reviewed: Evidence, dave: Person) -> None:
    until = MONTHS_AGO + timedelta(days=30)
    judge("8.6.1-l", "conforming", by=dave, reason="All read.", at=MONTHS_AGO, valid_until=until)
    days = [MONTHS_AGO - timedelta(days=1), MONTHS_AGO + timedelta(days=29), until]
    assert [status_now("8.6.1-l", at) for at in days] == ["undetermined", "conforming", "undetermined"]


def test_a_withdrawn_judgement_counted_until_it_was_withdrawn(reviewed: Evidence, dave: Person) -> None:
    made = judge("8.6.1-l", "conforming", by=dave, reason="All read.", at=MONTHS_AGO)
    move(made, "withdraw", by=dave, because="The minutes were of another incident.")
    assert status_now("8.6.1-l", MONTHS_AGO + timedelta(days=1)) == "conforming"
    assert status_now("8.6.1-l") == "undetermined"


def test_a_bad_judgement_stands_against_good_records(reviewed: Evidence, dave: Person) -> None:
    judge("8.6.1-l", "nonconforming", by=dave, reason="The review names no cause.")
    assert status_now("8.6.1-l") == "nonconforming"


def test_a_good_judgement_does_not_mend_failed_records(reviewed: Evidence, dave: Person) -> None:
    reviewed.says("8.6.1-l", Finding(["INC-000007"], failed=["INC-000007"]))
    judge("8.6.1-l", "conforming", by=dave, reason="It will be fine.")
    assert status_now("8.6.1-l") == "nonconforming"


def test_the_newest_judgement_counts(reviewed: Evidence, dave: Person, mona: Person) -> None:
    judge("8.6.1-l", "nonconforming", by=dave, reason="No cause.", at=MONTHS_AGO)
    judge("8.6.1-l", "conforming", by=mona, reason="The cause was added.")
    assert status_now("8.6.1-l") == "conforming"


def test_judging_is_for_those_with_authority(reviewed: Evidence, bob: Person, eve: Person) -> None:
    for person in (bob, eve):
        with pytest.raises(NotAllowed):
            judge("8.6.1-l", "conforming", by=person, reason="Looks good.")
    assert not Judgement.objects.exists()


def test_a_judgement_needs_a_requirement_a_reason_and_an_end_within_a_year(reviewed: Evidence, dave: Person) -> None:
    with pytest.raises(InvalidFacts, match=r"There is no requirement 8\.6\.1-x; write it as 8\.6\.1-b"):
        judge("8.6.1-x", "conforming", by=dave, reason="All read.")
    with pytest.raises(InvalidFacts, match="reason"):
        judge("8.6.1-l", "conforming", by=dave, reason="")
    with pytest.raises(InvalidFacts, match="twelve months at most"):
        judge("8.6.1-l", "conforming", by=dave, reason="x", valid_until=datetime.now(UTC) + timedelta(days=400))
