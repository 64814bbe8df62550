"""8.6.1 g to l: major incidents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.resolution.stage import an_incident, asked, at, forced, resolve, verdict

from gnomon.governance.kinds import document as DOCUMENT
from gnomon.organization.actions.setup import seed_calendars
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution import evidence
from gnomon.resolution.evidence.working_days import end_of_working_day, office_calendar
from gnomon.resolution.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]

CRITERIA, PROCEDURE = (
    evidence.criteria_for_major_incidents_are_approved,
    evidence.procedure_for_major_incidents_is_published,
)
DECLARED, INFORMED = evidence.major_incidents_are_declared, evidence.top_management_is_informed
MANAGED, REVIEWED = evidence.major_incidents_have_a_manager, evidence.major_incidents_are_reviewed


def criteria(when: str, **facts: Any) -> Any:
    usual = {"title": "What is major", "criteria": "A critical service is down."}
    return actions.record(kind_named("major_incident_criteria"), by=SYSTEM, at=at(when), **{**usual, **facts})


def a_major_incident(declared: str, **facts: Any) -> Incident:
    """Declared at a time, with its moments as they are given."""
    return an_incident(declared, is_major=True, **facts)


def test_criteria_prove_something_once_they_are_approved() -> None:
    assert verdict(CRITERIA, "06-01 00:00") == "nonconforming"
    drafted = criteria("06-01 09:00")
    assert asked(CRITERIA, "06-02 00:00").failed == [drafted.number]
    assert verdict(CRITERIA, "06-02 00:00") == "nonconforming"
    actions.move(drafted, "approve", by=SYSTEM, at=at("06-02 09:00"))
    assert verdict(CRITERIA, "06-03 00:00") == "conforming"
    criteria("06-03 09:00", title="A better draft")
    assert verdict(CRITERIA, "06-04 00:00") == "conforming"
    # and what is true now was not true before
    assert verdict(CRITERIA, "06-02 00:00") == "nonconforming"
    actions.move(drafted, "retire", by=SYSTEM, at=at("06-05 09:00"), because="Out of date.")
    assert verdict(CRITERIA, "06-06 00:00") == "nonconforming"


def test_the_procedure_is_a_published_document(alice: Person) -> None:
    procedure: Any = actions.record(
        DOCUMENT, by=SYSTEM, at=at("06-01 09:00"), title="When it is major", text="Call.", owner=alice,
        approved_by=alice, next_review_date=date(2027, 6, 1),
    )  # fmt: skip
    without = criteria("06-01 09:00")
    actions.move(without, "approve", by=SYSTEM, at=at("06-01 10:00"))
    assert verdict(PROCEDURE, "06-02 00:00") == "nonconforming"
    actions.change(without, by=SYSTEM, at=at("06-02 09:00"), procedure=procedure)
    assert asked(PROCEDURE, "06-03 00:00").failed == [without.number]
    actions.move(procedure, "publish", by=SYSTEM, at=at("06-03 09:00"))
    assert verdict(PROCEDURE, "06-04 00:00") == "conforming"


@pytest.mark.clause("7.5.4")
def test_a_procedure_that_is_not_written_down_breaks_what_others_may_not_prove(alice: Person) -> None:
    check = evidence.procedures_are_written_down
    assert verdict(check, "06-01 00:00") == "undetermined"
    without = criteria("06-01 09:00")
    actions.move(without, "approve", by=SYSTEM, at=at("06-02 00:00"))
    assert asked(check, "06-03 00:00").failed == [without.number]
    assert verdict(check, "06-03 00:00") == "nonconforming"
    procedure = actions.record(
        DOCUMENT,
        by=SYSTEM,
        at=at("06-03 00:00"),
        title="When much is down",
        text="Call.",
        approved_by=alice,
        edition="1",
    )
    actions.change(without, by=SYSTEM, at=at("06-04 00:00"), procedure=procedure)
    assert verdict(check, "06-05 00:00") == "nonconforming"
    actions.move(procedure, "publish", by=SYSTEM, at=at("06-06 00:00"))
    assert verdict(check, "06-07 00:00") == "undetermined"


def test_what_meets_the_criteria_is_declared_major_within_half_an_hour() -> None:
    in_time, late, never = (an_incident("06-01 09:00") for _ in range(3))
    forced(in_time, meets_major_criteria_at=at("06-01 09:00"), is_major=True, major_declared_at=at("06-01 09:30"))
    forced(late, meets_major_criteria_at=at("06-01 09:00"), is_major=True, major_declared_at=at("06-01 09:31"))
    forced(never, meets_major_criteria_at=at("06-01 09:00"))
    found = asked(DECLARED, "06-02 00:00")
    assert (found.seen, found.late, found.failed) == (3, [late.number], [never.number])
    assert asked(DECLARED, "06-01 09:20").seen == 0
    assert verdict(DECLARED, "09-15 00:00") == "not_applicable"


def test_an_incident_meets_the_criteria_by_its_priority() -> None:
    approved = criteria("01-01 09:00", priority_at_least=1)
    actions.move(approved, "approve", by=SYSTEM, at=at("01-01 09:00"))
    critical = an_incident("06-01 09:00", impact=1, urgency=1)
    an_incident("06-01 09:00")
    assert asked(DECLARED, "06-02 00:00").failed == [critical.number]


def test_top_management_is_told_within_two_hours() -> None:
    in_time = a_major_incident("06-01 09:00", management_informed_at=at("06-01 09:00"))
    late, never = a_major_incident("06-01 09:00"), a_major_incident("06-01 09:00")
    forced(in_time, management_informed_at=at("06-01 11:00"))
    forced(late, management_informed_at=at("06-01 11:01"))
    found = asked(INFORMED, "06-02 00:00")
    assert (found.seen, found.late, found.failed) == (3, [late.number], [never.number])
    assert verdict(INFORMED, "06-01 10:59") == "not_applicable"


def test_a_manager_is_named_within_half_an_hour(alice: Person) -> None:
    at_once = a_major_incident("06-01 09:00", major_manager=alice)
    in_time, late, gone = (a_major_incident("06-01 09:00") for _ in range(3))
    actions.change(in_time, by=SYSTEM, at=at("06-01 09:30"), major_manager=alice)
    actions.change(late, by=SYSTEM, at=at("06-01 09:31"), major_manager=alice)
    actions.change(gone, by=SYSTEM, at=at("06-01 09:10"), major_manager=alice)
    actions.change(gone, by=SYSTEM, at=at("06-01 09:40"), major_manager=None)
    found = asked(MANAGED, "06-02 00:00")
    assert sorted(found.population) == [at_once.number, in_time.number, late.number, gone.number]
    assert (found.late, found.failed) == ([late.number], [gone.number])
    assert verdict(MANAGED, "06-02 00:00") == "nonconforming"


def test_fifteen_working_days_skip_weekends_and_official_holidays() -> None:
    seed_calendars()
    office = office_calendar()
    # Mon 2026-06-01 + 15 working days: 2–5 June is 4, 8–12 is 9, 15–18 is 13, Fri 19 June is the Dragon Boat
    # Festival, Mon 22 is 14, Tue 23 is 15; midnight after it in Shanghai
    assert end_of_working_day(at("06-01 01:00"), 15, office) == at("06-23 16:00")


def test_without_an_office_calendar_working_days_are_monday_to_friday() -> None:
    # 2–5 June is 4, 8–12 is 9, 15–19 is 14, Mon 22 June is 15
    assert end_of_working_day(at("06-01 01:00"), 15, office_calendar()) == at("06-22 16:00")


@pytest.mark.parametrize(
    ("facts", "late", "failed"),
    [
        ({"improvements": "A second line."}, False, False),
        ({"no_improvement_reason": "The supplier has fixed it."}, False, False),
        ({}, False, True),
        ({"improvements": "A second line.", "held_at": None}, False, True),
        ({"improvements": "A second line.", "reported_at": None}, False, True),
        ({"improvements": "A second line.", "held_at": at("06-22 15:59")}, False, False),
        ({"improvements": "A second line.", "held_at": at("06-22 16:00")}, True, False),
    ],
)
def test_a_major_incident_is_reported_on_and_reviewed(facts: dict[str, Any], *, late: bool, failed: bool) -> None:
    incident = a_major_incident("06-01 00:30")
    resolve(incident, "06-01 01:00")
    usual = {"reported_at": at("06-05 09:00"), "held_at": at("06-08 09:00")}
    actions.record(
        kind_named("major_incident_review"), by=SYSTEM, title="What we learned", incident=incident, report="…",
        **{**usual, **facts},
    )  # fmt: skip
    found = asked(REVIEWED, "07-01 00:00")
    assert found.population == [incident.number]
    assert (bool(found.late), bool(found.failed)) == (late, failed)


def test_a_review_is_not_missed_while_there_is_time() -> None:
    resolve(a_major_incident("06-01 00:30"), "06-01 01:00")
    assert verdict(REVIEWED, "06-22 15:00") == "not_applicable"
    assert verdict(REVIEWED, "06-22 17:00") == "nonconforming"


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (CRITERIA, "nonconforming"),
        (PROCEDURE, "nonconforming"),
        (DECLARED, "not_applicable"),
        (INFORMED, "not_applicable"),
        (MANAGED, "not_applicable"),
        (REVIEWED, "not_applicable"),
    ],
)
def test_where_nothing_was_seen_nothing_is_proven(check: Any, says: str) -> None:
    an_incident("06-01 09:00")
    assert verdict(check, "06-02 00:00") == says
