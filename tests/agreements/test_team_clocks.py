"""Each turn of a team has a clock of its own, beside those of the customer (8.3.4.2): golden tests (a)–(d)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.agreements.conftest import OFFICE
from tests.makers import a_team

from gnomon.agreements.models import ClockProjection, TeamClock
from gnomon.agreements.rederivation import rederive
from gnomon.agreements.team_stories import team_stories
from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import with_official_holidays
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.4.2")]
HOUR = 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def desk(db):
    return a_team("Service desk")


@pytest.fixture
def network(db):
    return a_team("Network")


@pytest.fixture
def an_internal(office):
    """`an_internal(team, hours)`: agreed by the team, for priorities 2 and 3."""

    def make(team, hours, *, grave=None, **facts):
        targets = [
            {"priority": 3, "resolve_minutes": hours * 60},
            {"priority": 2, "resolve_minutes": (grave or hours) * 60},
        ]
        usual = {
            "title": f"With {team.title}", "team": team, "calendar": office, "targets": targets,
            "team_agreed_at": at("2026-01-01 09:00"), "effective_from": "2026-01-01",
        }  # fmt: skip
        made = actions.record(kind_named("operational_level_agreement"), by=SYSTEM, **(usual | facts))
        return actions.move(made, "agree", by=SYSTEM)

    return make


def assign(incident, team, when):
    return actions.move(incident, "assign", by=SYSTEM, at=when, team=team)


def rows(incident):
    asked = ("nth", "team", "state", "elapsed_seconds", "target_seconds", "met")
    return list(TeamClock.objects.filter(number=incident.number).order_by("nth").values_list(*asked))


def test_the_team_that_got_it_late_has_its_own_time(an_agreement, an_internal, an_incident, desk, network, resolve):
    """glpi#1911: a group that got it at 15:30 had no time left, for the clock ran from its creation."""
    an_agreement()
    an_internal(desk, 1)
    an_internal(network, 4)
    incident = an_incident(at=at("2026-03-09 09:00"), team=desk)  # a Monday
    assign(incident, network, at("2026-03-09 15:30"))
    resolve(incident, at=at("2026-03-10 09:30"))
    # The desk: 6.5 h of 1 h. The network: 15:30–18:00 and 09:00–09:30 are 3 h of 4 h.
    assert rows(incident) == [
        (1, desk.number, "stopped", 6.5 * HOUR, HOUR, False),
        (2, network.number, "stopped", 3 * HOUR, 4 * HOUR, True),
    ]
    # The customer's clock goes its own way: 9.5 h of 9 h.
    clock = ClockProjection.objects.get(number=incident.number, name="resolve")
    assert (clock.elapsed_seconds, clock.met) == (9.5 * HOUR, False)
    assert ClockProjection.objects.filter(number=incident.number).count() == 2
    first, second = team_stories(incident, at("2026-03-10 10:00"))
    assert (first.title, first.left.state, second.title, second.left.state) == (desk.title, "missed", "Network", "met")


def test_a_team_without_an_agreement_has_no_target_and_no_verdict(an_internal, an_incident, desk, network):
    an_internal(network, 4)
    incident = an_incident(at=at("2026-03-09 09:00"), team=desk)
    assign(incident, network, at("2026-03-09 10:00"))
    assign(incident, desk, at("2026-03-09 11:00"))
    assert [row[:2] for row in rows(incident)] == [(2, network.number)]
    stories = team_stories(incident, at("2026-03-09 12:00"))
    assert [(story.pinned, story.left.state) for story in stories] == [(False, "none"), (True, "met"), (False, "none")]


def test_golden_a_a_pause_over_the_weekend_and_a_priority_raised_meanwhile(an_internal, an_incident, desk, resolve):
    """Paused from Friday 17:00 to Monday 10:00, target one working day of nine hours."""
    an_internal(desk, 9, grave=6)
    incident = an_incident(at=at("2026-03-13 14:00"), team=desk)
    actions.move(incident, "wait", by=SYSTEM, at=at("2026-03-13 17:00"), waiting_reason="user")
    actions.change(incident, by=SYSTEM, at=at("2026-03-14 12:00"), impact=1)
    actions.move(incident, "resume", by=SYSTEM, at=at("2026-03-16 10:00"))
    # 3 h had gone on Friday; 6 h of the new target leave 3 h: 13:00. Unpaused it had been 09:00 + 2 h = 11:00,
    # so the deadline moved by the two working hours that were paused: 17:00–18:00 and 09:00–10:00.
    clock = TeamClock.objects.get(number=incident.number)
    assert (clock.elapsed_seconds, clock.target_seconds) == (3 * HOUR, 6 * HOUR)
    assert clock.due_at == at("2026-03-16 13:00")


def test_golden_b_what_is_reopened_was_neither_waiting_nor_work(an_internal, an_incident, desk, resolve):
    an_internal(desk, 9)
    incident = an_incident(at=at("2026-03-09 09:00"), team=desk)
    resolve(incident, at=at("2026-03-09 11:00"))
    actions.move(incident, "reopen", by=SYSTEM, at=at("2026-03-12 09:00"), because="It is back")
    resolve(incident, at=at("2026-03-12 10:00"))
    assert rows(incident) == [(1, desk.number, "stopped", 3 * HOUR, 9 * HOUR, True)]
    (story,) = team_stories(incident, at("2026-03-12 12:00"))
    # Stopped for 7 h of Monday and 9 h each of Tuesday and Wednesday.
    assert [(s.state, s.worked) for s in story.stretches] == [
        ("running", timedelta(hours=2)), ("stopped", timedelta(hours=25)), ("running", timedelta(hours=1)),
    ]  # fmt: skip


def test_golden_c_revising_agreement_or_hours_leaves_yesterdays_verdicts(
    an_internal, an_incident, desk, office, resolve
):
    agreement = an_internal(desk, 4)
    solved = an_incident(at=at("2026-03-09 09:00"), team=desk)
    resolve(solved, at=at("2026-03-09 12:00"))
    waiting = an_incident(at=at("2026-03-10 09:00"), team=desk)
    before = rows(solved), rows(waiting)
    with pytest.raises(InvalidFacts, match="Revise it first"):
        actions.change(agreement, by=SYSTEM, targets=[{"priority": 3, "resolve_minutes": 60}])
    agreement.refresh_from_db()
    actions.move(agreement, "revise", by=SYSTEM, because="Faster")
    actions.change(agreement, by=SYSTEM, targets=[{"priority": 3, "resolve_minutes": 60}])
    actions.move(agreement, "agree", by=SYSTEM, team_agreed_at=at("2026-03-11 09:00"))
    actions.change(office, by=SYSTEM, hours=OFFICE | {"closed": ["2026-03-10"]})
    rederive(kind_named("incident"))
    assert (rows(solved), rows(waiting)) == before
    young = an_incident(at=at("2026-03-11 09:00"), team=desk)
    assert TeamClock.objects.get(number=young.number).target_seconds == HOUR


def test_golden_d_a_make_up_sunday_counts_and_new_year_does_not(an_internal, an_incident, desk):
    """2026-01-01 to 03 are holidays, Sunday the 4th is a make-up workday."""
    hours = with_official_holidays(Calendar.from_definition(OFFICE | {"holidays": "CN"})).definition()
    china = actions.record(WORK_CALENDAR, by=SYSTEM, title="China", hours=hours)
    an_internal(desk, 10, calendar=china)
    incident = an_incident(at=at("2025-12-31 17:00"), opened_at=at("2025-12-31 17:00"), team=desk)
    # One hour on the 31st and nine on Sunday the 4th.
    assert TeamClock.objects.get(number=incident.number).due_at == at("2026-01-04 18:00")


def test_one_for_the_service_wins_over_one_for_all(an_internal, an_incident, desk, mail):
    an_internal(desk, 4)
    special = an_internal(desk, 2, service=mail)
    incident = an_incident(at=at("2026-03-09 09:00"), team=desk)
    assert TeamClock.objects.get(number=incident.number).ola == special.number


def test_escalating_without_naming_a_team_goes_to_the_next_one(an_incident, desk, network, bob):
    actions.change(desk, by=SYSTEM, escalates_to=network)
    incident = an_incident(team=desk)
    actions.move(incident, "escalate", by=bob, because="Routing")
    assert (incident.team, incident.reassignment_count) == (network, 1)
    actions.move(incident, "escalate", by=bob, because="Nobody beyond", team=network)
    assert incident.team == network
