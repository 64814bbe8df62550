"""8.6.1 c to f: escalated, resolved, closed, and written down."""

from __future__ import annotations

from typing import Any

import pytest
from tests.resolution.stage import a_service, an_incident, asked, at, close, forced, resolve, verdict

from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.agreements.models import ClockProjection
from gnomon.organization.kinds import TEAM, WORK_CALENDAR
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution import evidence

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]

ESCALATED = evidence.late_incidents_are_escalated
FORGOTTEN = evidence.open_incidents_are_not_forgotten
COMPLETE, CONTROLLED = evidence.closing_is_complete, evidence.closing_is_controlled
IN_TIME, WORK = evidence.resolution_keeps_its_target, evidence.work_is_recorded

OFFICE = {
    "time_zone": "UTC",
    "week": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}


@pytest.fixture
def targets(db: None) -> Any:
    """Four office hours to resolve priority 3; no target for priority 4. 2026-06-01 is a Monday."""
    office = actions.record(WORK_CALENDAR, by=SYSTEM, at=at("01-01 00:00"), title="Office", hours=OFFICE)
    return actions.record(
        AGREEMENT, by=SYSTEM, at=at("01-01 00:00"), title="Default", is_default=True, calendar=office,
        targets=[{"priority": 3, "respond_minutes": 60, "resolve_minutes": 240}],
    )  # fmt: skip


def test_an_incident_that_ran_out_of_time_must_have_been_escalated(targets: Any) -> None:
    team = actions.record(TEAM, by=SYSTEM, title="Second line")
    helped, left_alone, quick = (an_incident("06-01 09:00") for _ in range(3))
    actions.move(helped, "escalate", by=SYSTEM, at=at("06-01 12:00"), team=team, because="Stuck.")
    resolve(quick, "06-01 12:59")
    resolve(helped, "06-01 16:00")
    found = asked(ESCALATED, "06-02 00:00")
    assert sorted(found.population) == [helped.number, left_alone.number]
    assert found.failed == [left_alone.number]


def test_the_trigger_is_the_moment_the_target_runs_out(targets: Any) -> None:
    an_incident("06-01 09:00")
    # four office hours from 09:00 end at 13:00
    assert verdict(ESCALATED, "06-01 13:00") == "not_applicable"
    assert verdict(ESCALATED, "06-01 13:01") == "nonconforming"
    # and 90 days later the trigger lies outside the window
    assert verdict(ESCALATED, "09-15 00:00") == "not_applicable"


def test_escalation_is_known_only_once_it_happened(targets: Any) -> None:
    team = actions.record(TEAM, by=SYSTEM, title="Second line")
    incident = an_incident("06-01 09:00")
    actions.move(incident, "escalate", by=SYSTEM, at=at("06-03 12:00"), team=team, because="Stuck.")
    assert verdict(ESCALATED, "06-02 00:00") == "nonconforming"
    assert verdict(ESCALATED, "06-04 00:00") == "conforming"


def test_without_a_target_nothing_runs_out(targets: Any) -> None:
    an_incident("06-01 09:00", impact=3, urgency=3)
    assert verdict(ESCALATED, "06-30 00:00") == "not_applicable"
    assert verdict(FORGOTTEN, "06-30 00:00") == "not_applicable"


def test_five_times_the_allowance_is_the_most_an_incident_stays_open(targets: Any) -> None:
    incident = an_incident("06-01 09:00")
    # 5 × 4 office hours: Monday 8, Tuesday 8, Wednesday 4, until 13:00
    assert verdict(FORGOTTEN, "06-03 13:00") == "conforming"
    assert asked(FORGOTTEN, "06-03 13:01").failed == [incident.number]
    assert verdict(FORGOTTEN, "06-03 13:01") == "nonconforming"
    resolve(incident, "06-03 15:00")
    assert verdict(FORGOTTEN, "06-03 16:00") == "not_applicable"
    assert asked(FORGOTTEN, "06-03 14:00").failed == [incident.number]


def test_resolved_within_target_is_what_our_clock_says(targets: Any) -> None:
    in_time = resolve(an_incident("06-01 09:00"), "06-01 13:00")
    late = resolve(an_incident("06-01 09:00"), "06-02 09:00")
    resolve(an_incident("06-01 09:00", impact=3, urgency=3), "06-20 09:00")
    found = asked(IN_TIME, "06-30 00:00")
    assert sorted(found.population) == [in_time.number, late.number]
    assert found.failed == [late.number]
    assert {clock.met for clock in ClockProjection.objects.filter(name="resolve")} == {True, False, None}


@pytest.mark.parametrize(
    "wrong", [{"resolution": ""}, {"resolved_at": None}, {"resolved_at": at("06-01 11:01")}], ids=str
)
def test_a_closed_incident_was_resolved_first_and_says_how(wrong: dict[str, object]) -> None:
    right = close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-01 11:00")
    assert verdict(COMPLETE, "06-02 00:00") == "conforming"
    bad = close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-01 11:00")
    forced(bad, **wrong)
    found = asked(COMPLETE, "06-02 00:00")
    assert sorted(found.population) == [right.number, bad.number]
    assert found.failed == [bad.number]


def test_what_is_not_closed_yet_or_was_cancelled_is_not_asked() -> None:
    close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-03 11:00")
    cancelled = an_incident("06-01 09:00")
    actions.move(cancelled, "cancel", by=SYSTEM, at=at("06-01 10:00"), because="A test.")
    for check in (COMPLETE, CONTROLLED):
        assert asked(check, "06-02 00:00").seen == 0
        assert asked(check, "06-04 00:00").seen == 1
        assert asked(check, "09-15 00:00").seen == 0  # more than 90 days later


@pytest.mark.parametrize("wrong", [{"closure_code": ""}, {"closed_by": ""}, {"reopen_count": 1}], ids=str)
def test_closing_is_controlled(wrong: dict[str, object]) -> None:
    close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-01 11:00")
    bad = forced(close(resolve(an_incident("06-01 09:00"), "06-01 10:00"), "06-01 11:00"), **wrong)
    found = asked(CONTROLLED, "06-02 00:00")
    assert (found.seen, found.failed) == (2, [bad.number])


def test_a_reopening_that_stands_in_the_ledger_is_controlled() -> None:
    incident = resolve(an_incident("06-01 09:00"), "06-01 10:00")
    actions.move(incident, "reopen", by=SYSTEM, at=at("06-01 10:30"), because="It is back.")
    close(resolve(incident, "06-01 11:00"), "06-01 12:00")
    assert incident.reopen_count == 1
    assert verdict(CONTROLLED, "06-02 00:00") == "conforming"


def test_work_between_recording_and_resolution_must_be_on_record(bob: Person) -> None:
    silent = resolve(an_incident("06-01 09:00", by=bob), "06-01 12:00", by=bob)
    worked = an_incident("06-01 09:00", by=bob)
    actions.move(worked, "start", by=bob, at=at("06-01 09:30"))
    resolve(worked, "06-01 12:00", by=bob)
    talked = an_incident("06-01 09:00", by=bob)
    actions.comment(talked, "Rang back, nobody there.", by=bob, at=at("06-01 10:00"))
    resolve(talked, "06-01 12:00", by=bob)
    found = asked(WORK, "06-02 00:00")
    assert sorted(found.population) == [silent.number, worked.number, talked.number]
    assert found.failed == [silent.number]


def test_what_the_system_notes_or_people_add_afterwards_is_no_work(bob: Person) -> None:
    noted = an_incident("06-01 09:00", by=bob)
    actions.note(noted, "threshold", by=SYSTEM, at=at("06-01 10:00"), percent=[None, 75])
    resolve(noted, "06-01 12:00", by=bob)
    actions.comment(noted, "Thanks.", by=bob, at=at("06-01 13:00"))
    assert asked(WORK, "06-02 00:00").failed == [noted.number]


def test_what_the_requester_says_and_who_hears_of_it_is_no_work(bob: Person, carol: Person) -> None:
    asked_after = an_incident("06-01 09:00", by=bob, requester=carol)
    actions.comment(asked_after, "Any news?", by=carol, at=at("06-01 10:00"))
    actions.join(asked_after, carol, "watcher", by=bob)
    resolve(asked_after, "06-01 12:00", by=bob)
    answered = an_incident("06-01 09:00", by=bob, requester=carol)
    actions.comment(answered, "The supplier sends another.", by=bob, at=at("06-01 10:00"))
    resolve(answered, "06-01 12:00", by=bob)
    assert asked(WORK, "06-02 00:00").failed == [asked_after.number]


def test_entries_of_an_imported_history_count_whoever_imported_them() -> None:
    elsewhere = an_incident("06-01 09:00", external_number="INC0000045")
    actions.move(elsewhere, "start", by=SYSTEM, at=at("06-01 10:00"))
    resolve(elsewhere, "06-01 12:00")
    only_two = resolve(an_incident("06-01 09:00", external_number="INC0000046"), "06-01 12:00")
    assert asked(WORK, "06-02 00:00").failed == [only_two.number]


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (ESCALATED, "not_applicable"),
        (FORGOTTEN, "not_applicable"),
        (COMPLETE, "undetermined"),
        (IN_TIME, "undetermined"),
        (CONTROLLED, "undetermined"),
        (WORK, "undetermined"),
    ],
)
def test_where_nothing_was_seen_nothing_is_proven(check: Any, says: str) -> None:
    a_service()
    assert verdict(check, "06-02 00:00") == says


# --- clocks without a version of the service hours ----------------------------------------------


def test_an_incident_that_does_not_say_by_which_hours_it_counts_is_named_and_never_holds(targets: Any) -> None:
    known, untold = an_incident("06-01 09:00"), an_incident("06-01 09:00")
    for incident in (known, untold):
        resolve(incident, "06-01 10:00")
    assert asked(IN_TIME, "06-02 00:00").failed == []
    forced(untold, calendar_version=None)
    # It was resolved within the hour, which by any hours is in time; but what was agreed cannot be shown.
    found = asked(IN_TIME, "06-02 00:00")
    assert (sorted(found.population), found.failed) == ([known.number, untold.number], [untold.number])
    assert verdict(IN_TIME, "06-02 00:00") == "nonconforming"


def test_one_that_stays_open_without_a_version_of_its_hours_is_named_too(targets: Any) -> None:
    incident = an_incident("06-01 09:00")
    assert asked(FORGOTTEN, "06-01 10:00").failed == []
    forced(incident, calendar_version=None)
    ClockProjection.objects.filter(number=incident.number).update(calendar_version=None)
    assert asked(FORGOTTEN, "06-01 10:00").failed == [incident.number]


def test_an_agreement_without_service_hours_needs_no_version_of_them(targets: Any) -> None:
    incident = an_incident("06-01 09:00")
    resolve(incident, "06-01 10:00")
    around_the_clock = actions.record(
        AGREEMENT, by=SYSTEM, at=at("01-01 00:00"), title="Day and night",
        targets=[{"priority": 3, "respond_minutes": 60, "resolve_minutes": 240}],
    )  # fmt: skip
    # Hours came with its second version; what obeys the first counts all of them, as agreed.
    actions.change(around_the_clock, by=SYSTEM, at=at("05-01 00:00"), calendar=targets.calendar)
    forced(incident, sla=around_the_clock, sla_version=1, calendar_version=None)
    assert asked(IN_TIME, "06-02 00:00").failed == []
    forced(incident, sla_version=2)
    assert asked(IN_TIME, "06-02 00:00").failed == [incident.number]
