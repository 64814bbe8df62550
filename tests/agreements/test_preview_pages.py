"""What a change would do to open clocks is seen before anybody decides, and applied only then (8.3.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.agreements.conftest import OFFICE
from tests.agreements.test_clocks import at, rows
from tests.makers import a_team

from gnomon.agreements import actions as deciding
from gnomon.agreements.actions import apply_later_to_open_records, apply_to_open_records
from gnomon.agreements.models import ClockProjection, Escalation, TeamClock
from gnomon.agreements.policy_previews import followers
from gnomon.agreements.previews import outlook, outlook_of_hours
from gnomon.jobs.models import QueuedJob
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]


@pytest.fixture
def desk(db):
    return a_team("Service desk")


@pytest.fixture
def with_the_desk(desk, office):
    made = actions.record(
        kind_named("operational_level_agreement"), by=SYSTEM, title="With the desk", team=desk, calendar=office,
        targets=[{"priority": 3, "resolve_minutes": 240}], team_agreed_at=at("2026-01-05 09:00"),
    )  # fmt: skip
    return actions.move(made, "agree", by=SYSTEM)


def test_hours_move_the_clocks_of_customers_and_of_teams(an_agreement, an_incident, office, desk, with_the_desk):
    an_agreement()
    incident = an_incident(at=at("2026-03-10 15:00"), team=desk)  # a Tuesday
    seen = outlook_of_hours(office, OFFICE | {"closed": ["2026-03-11"]}, now=at("2026-03-10 16:00"))
    # Of the customer's nine hours six lie on Wednesday, of the team's four hours one: both move to Thursday.
    assert [(one.clock, one.difference.due_moves_by) for one in seen.foreseen] == [
        ("resolve", timedelta(days=1)), ("team/1", timedelta(days=1)),
    ]  # fmt: skip
    summary = seen.summary
    assert (summary.looked_at, summary.changed, summary.later, summary.earlier) == (3, 2, 2, 0)
    assert summary.most == timedelta(days=1)
    before = rows()
    actions.change(office, by=SYSTEM, hours=OFFICE | {"closed": ["2026-03-11"]})
    assert rows() == before
    assert apply_to_open_records(office, by=SYSTEM, because="Town holiday") == [incident.number]
    assert ClockProjection.objects.get(number=incident.number, name="resolve").due_at == at("2026-03-12 15:00")
    assert TeamClock.objects.get(number=incident.number).due_at == at("2026-03-12 10:00")
    assert LedgerEntry.objects.filter(number=incident.number).order_by("-version")[0].because == "Town holiday"


def test_the_page_of_hours_tries_what_is_typed_and_writes_nothing(
    an_agreement, an_incident, office, alice_browser, bob_browser, carol_browser
):
    an_agreement()
    incident = an_incident()
    where = f"/agreements/service-hours/{office.number}/open-clocks"
    assert carol_browser.get(where).status_code == 404
    assert "No open clock would change" in bob_browser.get(where).content.decode()
    before = LedgerEntry.objects.count()
    other = "time zone Asia/Shanghai\nmon-fri 09:00-10:00"
    page = bob_browser.post(where, {"try": "1", "hours": other}).content.decode()
    assert incident.number in page
    assert "09:00-10:00" in page  # what was typed is still there
    assert bob_browser.post(where, {"try": "1", "hours": "mon-fri whenever"}).status_code == 422
    assert LedgerEntry.objects.count() == before
    assert bob_browser.post(where, {"because": "I want it"}).status_code == 403
    assert alice_browser.post(where, {"because": ""}).status_code == 422
    assert alice_browser.post(where, {"because": "Decided"}).status_code == 302


def test_the_page_of_an_agreement_tries_other_targets(an_agreement, an_incident, alice_browser):
    agreement = an_agreement()
    incident = an_incident()
    where = f"/agreements/service-level-agreements/{agreement.number}/open-clocks"
    typed = {"try": "1", "targets-3-resolve_minutes": "1 min", "waiting_pauses_resolve": "on"}
    page = alice_browser.post(where, typed).content.decode()
    assert incident.number in page
    assert 'value="1 min"' in page
    assert alice_browser.post(where, typed | {"targets-3-resolve_minutes": "soon"}).status_code == 422


def test_the_turns_of_a_team_are_foreseen_too(an_incident, desk, with_the_desk, alice_browser):
    incident = an_incident(at=at("2026-03-10 09:00"), team=desk)
    stricter = {"targets": [{"priority": 3, "resolve_minutes": 60}]}
    (one,) = outlook(with_the_desk, stricter, now=at("2026-03-10 11:00")).foreseen
    assert (one.number, one.difference.would_breach) == (incident.number, True)
    assert one.difference.due_moves_by == timedelta(hours=-3)
    assert (
        alice_browser.get(f"/agreements/operational-level-agreements/{with_the_desk.number}/open-clocks").status_code
        == 200
    )


def test_what_many_records_obey_is_left_to_a_job(an_agreement, an_incident, alice, monkeypatch):
    agreement, incident = an_agreement(), an_incident()
    monkeypatch.setattr(deciding, "FEW", 0)
    actions.move(agreement, "revise", by=SYSTEM, because="Faster")
    actions.change(agreement, by=SYSTEM, targets=[{"priority": 3, "resolve_minutes": 60}])
    day = at("2026-03-10 09:00")
    actions.move(agreement, "agree", by=SYSTEM, customer_agreed_at=day, provider_agreed_at=day)
    apply_later_to_open_records(agreement, by=alice, because="Agreed")
    job = QueuedJob.objects.get(name=deciding.APPLY)
    assert ClockProjection.objects.get(number=incident.number, name="resolve").target_seconds == 9 * 3600
    for _ in range(2):  # at least once
        deciding.apply_as(**job.facts)
    assert ClockProjection.objects.get(number=incident.number, name="resolve").target_seconds == 3600
    entry = LedgerEntry.objects.filter(number=incident.number).order_by("-version")[0]
    assert (entry.actor, entry.because, entry.version) == (alice.number, "Agreed", 2)


def test_a_preview_asks_a_few_questions_for_each_batch(an_agreement, an_incident, django_assert_max_num_queries):
    agreement = an_agreement()
    for _ in range(12):
        an_incident()
    outlook(agreement, {})
    with django_assert_max_num_queries(5):
        seen = outlook(agreement, {"targets": [{"priority": 3, "resolve_minutes": 60}]})
    assert len(seen.foreseen) == 12


# --- policies ----------------------------------------------------------------------------------------


@pytest.fixture
def a_policy(an_agreement):
    an_agreement()
    steps = [{"clock": "resolve", "percent": percent, "do": "notify", "whom": ["assignee"]} for percent in (50, 100)]

    def make(**facts):
        return actions.record(
            kind_named("escalation_policy"), by=SYSTEM, **({"title": "Usual", "steps": steps} | facts)
        )

    return make


def test_a_policy_shows_who_would_follow_it_and_what_is_past(a_policy, an_incident, alice_browser, carol_browser):
    incident = an_incident(at=at("2026-03-09 09:00"))  # nine hours: half of them is over at 13:30
    policy = a_policy()
    (one,) = followers(policy, {}, now=at("2026-03-09 14:00"))
    assert (one.number, one.now_follows, one.past, one.next_at) == (incident.number, "", 1, at("2026-03-09 18:00"))
    assert followers(policy, {"priority_at_least": 2}) == []
    where = f"/agreements/escalation-policies/{policy.number}/open-records"
    assert incident.number in alice_browser.get(where).content.decode()
    assert carol_browser.get(where).status_code == 404
    assert not Escalation.objects.exists()


def test_open_records_follow_a_policy_only_when_somebody_decides(a_policy, an_incident, alice_browser):
    incident = an_incident(at=at("2026-03-09 09:00"))
    policy = actions.move(a_policy(), "adopt", by=SYSTEM)
    where = f"/agreements/escalation-policies/{policy.number}/open-records"
    assert not Escalation.objects.exists()
    assert alice_browser.post(where, {"because": "From today on"}).status_code == 302
    escalation = Escalation.objects.get()
    assert (escalation.number, escalation.policy_version) == (incident.number, 2)
    # Both steps were due in March: they are left out, not made up for.
    assert list(escalation.steps.values_list("state", flat=True)) == ["skipped", "skipped"]
    later = {"clock": "resolve", "minutes": 100_000, "do": "notify", "whom": ["assignee"]}
    actions.change(policy, by=SYSTEM, steps=[*policy.steps, later])
    apply_to_open_records(policy, by=SYSTEM, because="One more step")
    escalation.refresh_from_db()
    assert escalation.policy_version == 3
    assert list(escalation.steps.values_list("position", "table__minutes")) == [(1, None), (2, None), (3, 100_000)]
