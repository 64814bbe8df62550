"""What follows from what is done to an incident (8.6.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.resolution.kinds import priority_matrix as MATRIX
from gnomon.resolution.models import Incident
from gnomon.resolution.models.priority import USUAL

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]
NINE = datetime(2026, 3, 10, 1, tzinfo=UTC)  # Tuesday 09:00 in Shanghai
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOLVED = {"resolution": "Restarted the queue", "closure_code": "solved"}


def move(incident, name, after=timedelta(0), by=SYSTEM, because="", **facts):
    return actions.move(incident, name, by=by, at=NINE + after, because=because, **facts)


# --- 8.6.1 b: priority ----------------------------------------------------------------------------


@pytest.mark.clause("8.6.1-b")
@pytest.mark.parametrize("impact", [1, 2, 3])
@pytest.mark.parametrize("urgency", [1, 2, 3])
def test_impact_and_urgency_give_the_priority_of_the_table(impact, urgency):
    # 1·1 → critical, and one step down for each step: 1 2 3 / 2 3 4 / 3 4 4
    expected = min(impact + urgency - 1, 4)
    assert an_incident(impact=impact, urgency=urgency).priority == expected


def test_without_impact_or_urgency_there_is_no_priority():
    assert an_incident(impact=1).priority is None
    assert an_incident(urgency=1).priority is None
    incident = an_incident()
    assert incident.priority is None
    actions.change(incident, by=SYSTEM, impact=2, urgency=2)
    assert incident.priority == 3


def test_a_priority_that_is_given_stands_until_impact_or_urgency_change():
    incident = an_incident(impact=3, urgency=3, priority=1)
    assert incident.priority == 1
    actions.change(incident, by=SYSTEM, category="mail")
    assert incident.priority == 1
    actions.change(incident, by=SYSTEM, urgency=2)
    assert incident.priority == 4
    actions.change(incident, by=SYSTEM, urgency=1, priority=2)
    assert incident.priority == 2


def test_the_organizations_own_table_decides_once_it_is_in_use():
    own = {impact: dict(row) for impact, row in USUAL.items()}
    own["3"]["3"] = 2
    matrix = actions.record(MATRIX, by=SYSTEM, title="Ours", table=own)
    assert an_incident(impact=3, urgency=3).priority == 4  # drafted only
    actions.move(matrix, "adopt", by=SYSTEM)
    assert an_incident(impact=3, urgency=3).priority == 2
    actions.move(matrix, "retire", by=SYSTEM, because="Back to the usual one")
    assert an_incident(impact=3, urgency=3).priority == 4


@pytest.mark.parametrize(
    "table",
    [{}, [], "x", {"1": {}}, {**USUAL, "2": {"1": 2, "2": 3}}, {**USUAL, "3": {"1": 3, "2": 4, "3": 5}},
     {**USUAL, "1": {"1": True, "2": 2, "3": 3}}, {**USUAL, "1": None}, {**USUAL, "1": {"1": [1], "2": 2, "3": 3}}],
)  # fmt: skip
def test_a_table_with_a_gap_is_refused(table):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(MATRIX, by=SYSTEM, title="Gaps", table=table)
    assert list(refused.value.fields) == ["table"]


# --- 8.6.1 a: recorded, by whom and for whom ------------------------------------------------------


def test_an_incident_opens_when_it_was_told_unless_somebody_knows_better():
    assert an_incident(at=NINE).opened_at == NINE
    assert an_incident(at=NINE, opened_at=NINE - HOUR).opened_at == NINE - HOUR
    with pytest.raises(InvalidFacts) as refused:
        an_incident(at=NINE, opened_at=NINE + MINUTE)
    assert "cannot open after it was recorded" in refused.value.fields["opened_at"]


def test_who_comes_to_report_is_the_requester_and_who_works_here_is_not(bob, carol, alice):
    assert an_incident(by=carol).requester == carol
    assert an_incident(by=bob).requester is None
    assert an_incident(by=bob, requester=carol).requester == carol
    assert an_incident(by=carol, requester=alice).requester == alice


BEYOND = {
    "priority": 1,
    "is_major": True,
    "opened_at": NINE,
    "management_informed_at": NINE,
    "owner": None,
    "team": None,
}


@pytest.mark.parametrize("name", BEYOND)
def test_who_reports_says_what_is_wrong_and_not_what_comes_first_or_when_it_began(carol, bob, carol_browser, name):
    with pytest.raises(InvalidFacts) as refused:
        an_incident(by=carol, **{name: BEYOND[name]})
    assert refused.value.fields[name] == "This is for those who work on it to say. Leave it out."
    an_incident(by=bob, **{name: BEYOND[name]})
    assert f'name="{name}"' not in carol_browser.get("/resolution/incidents/new").content.decode()


def test_the_team_that_supports_the_service_gets_it_unless_another_is_named():
    desk, network = a_team("Desk"), a_team("Network")
    mail = a_service("Mail", team=network)
    assert an_incident(service=mail).team == network
    assert an_incident(service=mail, team=desk).team == desk
    assert an_incident(service=a_service("Fax")).team is None


# --- moves ----------------------------------------------------------------------------------------


def test_the_first_step_by_the_desk_is_the_response():
    for name, facts in [
        ("start", {}), ("assign", {"team": a_team()}), ("wait", {"waiting_reason": "user"}), ("resolve", SOLVED),
    ]:  # fmt: skip
        incident = move(an_incident(at=NINE), name, 10 * MINUTE, **facts)
        assert incident.responded_at == NINE + 10 * MINUTE, name


def test_later_steps_do_not_move_the_response_and_cancelling_is_none():
    incident = move(an_incident(at=NINE), "start", 10 * MINUTE)
    move(incident, "wait", HOUR, waiting_reason="user")
    assert incident.responded_at == NINE + 10 * MINUTE
    assert move(an_incident(at=NINE), "cancel", MINUTE, because="Twice").responded_at is None


def test_a_comment_is_no_response_to_the_clock():
    incident = an_incident(at=NINE)
    actions.comment(incident, "Seen", by=SYSTEM, at=NINE + MINUTE)
    assert incident.responded_at is None


def test_reassigning_counts_changes_of_team_not_of_hands(bob, alice):
    desk, network = a_team("Desk"), a_team("Network")
    incident = an_incident(at=NINE)
    counts = []
    for team, person in [(desk, None), (desk, bob), (network, alice), (network, bob), (desk, bob)]:
        move(incident, "assign", MINUTE, team=team, assignee=person)
        counts.append(incident.reassignment_count)
    assert counts == [0, 0, 1, 1, 2]
    actions.change(incident, by=SYSTEM, team=network)
    assert incident.reassignment_count == 3


@pytest.mark.clause("8.6.1-c")
def test_escalating_keeps_the_first_moment_hands_on_and_says_why(bob):
    desk, second = a_team("Desk"), a_team("Second line")
    incident = an_incident(at=NINE, team=desk)
    with pytest.raises(InvalidFacts) as refused:
        move(incident, "escalate", HOUR, team=second)
    assert list(refused.value.fields) == ["because"]
    move(incident, "escalate", HOUR, team=second, because="Needs the database people")
    assert (incident.status, incident.team, incident.escalated_at) == ("assigned", second, NINE + HOUR)
    assert incident.reassignment_count == 1
    move(incident, "escalate", 2 * HOUR, team=desk, because="Back", priority=1)
    assert (incident.escalated_at, incident.priority) == (NINE + HOUR, 1)
    assert history(incident)[1].because == "Needs the database people"


def test_waiting_has_a_reason_that_ends_with_it():
    incident = an_incident(at=NINE)
    with pytest.raises(InvalidFacts) as refused:
        move(incident, "wait", MINUTE)
    assert list(refused.value.fields) == ["waiting_reason"]
    move(incident, "wait", MINUTE, waiting_reason="supplier")
    assert (incident.status, incident.waiting_reason) == ("waiting", "supplier")
    for name, facts in [("resume", {}), ("start", {}), ("assign", {"team": a_team()}), ("resolve", SOLVED),
                        ("escalate", {"team": a_team(), "because": "x"})]:  # fmt: skip
        other = move(an_incident(at=NINE), "wait", MINUTE, waiting_reason="user")
        move(other, name, HOUR, **facts)
        assert other.waiting_reason == "", name


@pytest.mark.clause("8.6.1-d")
def test_resolving_and_closing_keep_their_moments_and_who_closed(bob, carol):
    incident = an_incident(at=NINE, requester=carol)
    move(incident, "resolve", HOUR, by=bob, **SOLVED)
    assert (incident.resolved_at, incident.closed_at) == (NINE + HOUR, None)
    move(incident, "close", 2 * HOUR, by=carol)
    assert (incident.resolved_at, incident.closed_at, incident.closed_by) == (
        NINE + HOUR,
        NINE + 2 * HOUR,
        carol.number,
    )


def test_resolved_at_first_contact_means_at_once_and_by_whoever_had_it_first():
    assert move(an_incident(at=NINE), "resolve", MINUTE, **SOLVED).first_contact_resolution
    assert not move(move(an_incident(at=NINE), "start", MINUTE), "resolve", HOUR, **SOLVED).first_contact_resolution
    handed_on = an_incident(at=NINE, team=a_team("A"))
    actions.change(handed_on, by=SYSTEM, team=a_team("B"))
    assert not move(handed_on, "resolve", HOUR, **SOLVED).first_contact_resolution


def test_reopening_counts_and_asks_for_a_new_solution():
    incident = move(an_incident(at=NINE), "resolve", HOUR, **SOLVED)
    with pytest.raises(InvalidFacts):
        move(incident, "reopen", 2 * HOUR)
    move(incident, "reopen", 2 * HOUR, because="It is back")
    assert (incident.status, incident.reopen_count, incident.resolved_at) == ("in_progress", 1, None)
    assert not incident.first_contact_resolution
    assert (incident.resolution, incident.closure_code) == ("", "")  # that it was thought solved stands in the ledger
    with pytest.raises(InvalidFacts) as refused:
        move(incident, "resolve", 3 * HOUR)
    assert set(refused.value.fields) == {"resolution", "closure_code"}
    move(incident, "resolve", 3 * HOUR, resolution="Replaced the disk", closure_code="solved")
    move(incident, "close", 4 * HOUR)
    move(incident, "reopen", 5 * HOUR, because="And again")
    assert (incident.reopen_count, incident.closed_at, incident.closed_by) == (2, None, "")
    assert incident.responded_at == NINE + HOUR  # the first answer was given once and for all


def test_only_what_nobody_works_on_can_be_cancelled():
    move(an_incident(at=NINE), "cancel", because="Reported twice")
    with pytest.raises(MoveRefused, match="is In progress and cannot take the move “Cancel"):
        move(move(an_incident(at=NINE), "start"), "cancel", because="x")


def test_times_that_contradict_each_other_are_refused():
    incident = move(an_incident(at=NINE), "start", HOUR)
    with pytest.raises(InvalidFacts) as refused:
        actions.change(incident, by=SYSTEM, at=NINE + 2 * HOUR, resolved_at=NINE - HOUR)
    assert "cannot be resolved before it opened" in refused.value.fields["resolved_at"]
    with pytest.raises(InvalidFacts):
        move(incident, "resolve", -2 * HOUR, **SOLVED)
    assert (incident.status, incident.resolved_at) == ("in_progress", None)


# --- major incidents ------------------------------------------------------------------------------


@pytest.mark.clause("8.6.1-g")
def test_a_major_incident_was_declared_at_a_moment_and_stays_so():
    incident = an_incident(at=NINE)
    assert incident.major_declared_at is None
    actions.change(incident, by=SYSTEM, at=NINE + HOUR, is_major=True)
    assert incident.major_declared_at == NINE + HOUR
    actions.change(incident, by=SYSTEM, at=NINE + 2 * HOUR, category="mail")
    assert incident.major_declared_at == NINE + HOUR
    assert an_incident(at=NINE, is_major=True).major_declared_at == NINE


@pytest.fixture
def criteria(db):
    made = actions.record(
        kind_named("major_incident_criteria"), by=SYSTEM, title="Ours", criteria="Everybody is down",
        priority_at_least=2, criticality_at_least=2,
    )  # fmt: skip
    return actions.move(made, "approve", by=SYSTEM)


@pytest.mark.clause("8.6.1-h")
def test_what_meets_the_approved_criteria_is_noted_when_it_first_does(criteria):
    vital, minor = a_service("Mail", criticality=1), a_service("Fax", criticality=3)
    assert an_incident(at=NINE, service=vital, impact=1, urgency=2).meets_major_criteria_at == NINE
    assert an_incident(at=NINE, service=minor, impact=1, urgency=1).meets_major_criteria_at is None
    assert an_incident(at=NINE, impact=1, urgency=1).meets_major_criteria_at is None  # of no known criticality
    growing = an_incident(at=NINE, service=vital, impact=3, urgency=2)
    assert growing.meets_major_criteria_at is None
    actions.change(growing, by=SYSTEM, at=NINE + HOUR, impact=1)
    actions.change(growing, by=SYSTEM, at=NINE + 2 * HOUR, urgency=1)
    assert growing.meets_major_criteria_at == NINE + HOUR


def test_criteria_that_are_drafted_or_revised_decide_nothing(criteria):
    actions.move(criteria, "revise", by=SYSTEM, because="Too strict")
    vital = a_service("Mail", criticality=1)
    assert an_incident(at=NINE, service=vital, impact=1, urgency=1).meets_major_criteria_at is None


# --- clocks ---------------------------------------------------------------------------------------


@pytest.fixture
def round_the_clock(db):
    """Priority 2: an hour to respond and four to resolve; priority 3: two and eight; at any hour of any day."""
    return actions.record(
        AGREEMENT, by=SYSTEM, title="Usual", is_default=True,
        targets=[
            {"priority": 2, "respond_minutes": 60, "resolve_minutes": 240},
            {"priority": 3, "respond_minutes": 120, "resolve_minutes": 480},
        ],
    )  # fmt: skip


def columns(incident):
    stored = Incident.objects.get(pk=incident.pk)
    return stored.due_at, stored.respond_met, stored.resolve_met


@pytest.mark.clause("8.3.3")
def test_the_columns_follow_the_clocks_through_a_life(round_the_clock):
    incident = an_incident(at=NINE, impact=2, urgency=1)  # priority 2
    assert incident.sla == round_the_clock
    assert columns(incident) == (NINE + HOUR, None, None)  # the response is due first
    move(incident, "start", 30 * MINUTE)
    assert columns(incident) == (NINE + 4 * HOUR, True, None)
    move(incident, "wait", HOUR, waiting_reason="user")
    assert columns(incident) == (None, True, None)
    move(incident, "resume", 3 * HOUR)
    # an hour had run; two were waited: 9 + 2 + 4
    assert columns(incident) == (NINE + 6 * HOUR, True, None)
    move(incident, "resolve", 6 * HOUR, **SOLVED)
    assert columns(incident) == (None, True, True)
    assert (incident.resolve_due_at, incident.respond_due_at) == (NINE + 6 * HOUR, NINE + HOUR)


def test_a_target_missed_is_missed(round_the_clock):
    incident = an_incident(at=NINE, impact=2, urgency=1)
    move(incident, "start", HOUR + MINUTE)
    move(incident, "resolve", 4 * HOUR + MINUTE, **SOLVED)
    assert columns(incident) == (None, False, False)


def test_a_priority_raised_while_waiting_shortens_what_is_left(round_the_clock):
    incident = an_incident(at=NINE, impact=2, urgency=2)  # priority 3: eight hours
    move(incident, "start", HOUR)
    move(incident, "wait", 2 * HOUR, waiting_reason="user")
    actions.change(incident, by=SYSTEM, at=NINE + 5 * HOUR, urgency=1)  # priority 2: four hours, two of them run
    assert incident.priority == 2
    assert columns(incident)[0] is None
    move(incident, "resume", 10 * HOUR)
    assert columns(incident)[0] == NINE + 12 * HOUR


def test_solved_and_reopened_days_later_the_time_between_counts_neither_way(round_the_clock):
    incident = an_incident(at=NINE, impact=2, urgency=1)
    move(incident, "resolve", HOUR, **SOLVED)
    assert columns(incident)[2] is True
    move(incident, "reopen", 73 * HOUR, because="It is back")
    # one of four hours had run when it was thought solved
    assert columns(incident) == (NINE + 76 * HOUR, True, None)
    move(incident, "resolve", 77 * HOUR, **SOLVED)
    assert columns(incident)[2] is False


def test_without_a_priority_no_target_runs_and_none_is_missed(round_the_clock):
    incident = move(an_incident(at=NINE), "resolve", 1000 * HOUR, **SOLVED)
    assert columns(incident) == (None, None, None)


def test_cancelling_ends_the_clocks_without_a_verdict(round_the_clock):
    incident = move(an_incident(at=NINE, impact=2, urgency=1), "cancel", 9 * HOUR, because="Reported twice")
    assert columns(incident)[0] is None
    assert columns(incident)[2] is not False


def test_columns_that_show_clocks_are_no_facts_of_the_ledger(round_the_clock):
    incident = move(an_incident(at=NINE, impact=2, urgency=1), "start", HOUR)
    told = {name for entry in LedgerEntry.objects.filter(number=incident.number) for name in entry.changes}
    assert not {"due_at", "respond_due_at", "resolve_due_at", "respond_met", "resolve_met"} & told
    assert {"sla", "sla_version"} <= told


def test_another_service_is_pinned_anew_and_a_pin_that_is_given_stays(round_the_clock):
    mail, fax = a_service("Mail"), a_service("Fax")
    always = {"time_zone": "UTC", "week": {day: [["00:00", "24:00"]] for day in DAYS}}
    hours = actions.record(kind_named("work_calendar"), by=SYSTEM, title="Always", hours=always)
    own = actions.record(
        AGREEMENT, by=SYSTEM, title="Fax", service=fax, calendar=hours,
        customer=actions.record(kind_named("customer"), by=SYSTEM, title="Harbour Office"),
        targets=[{"priority": 2, "resolve_minutes": 60}], customer_agreed_at=NINE, provider_agreed_at=NINE,
    )  # fmt: skip
    actions.move(own, "agree", by=SYSTEM)
    incident = an_incident(at=NINE, service=mail, impact=2, urgency=1)
    assert incident.sla == round_the_clock
    actions.change(incident, by=SYSTEM, at=NINE + MINUTE, service=fax)
    assert (incident.sla, incident.sla_version) == (own, own.version)
    assert columns(incident)[0] == NINE + HOUR
