"""Escalation by the clock: steps in order, each once, to the end, and seen (8.6.1 c)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.makers import a_person, a_team

from gnomon.agreements.escalation import running
from gnomon.agreements.escalation.calling import NobodyCalls, acknowledge
from gnomon.agreements.escalation.following import DEEPEST, follow
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.jobs.models import QueuedJob
from gnomon.organization.actions.teams import add_member
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def at(percent, do="notify", **more):
    return {
        "clock": "resolve",
        "percent": percent,
        "do": do,
        **({"whom": ["team_lead"]} if do == "notify" else {}),
        **more,
    }


def states(incident):
    return list(EscalationStep.objects.filter(escalation__number=incident.number).values_list("state", flat=True))


def test_steps_run_in_order_each_once_and_leave_an_entry(a_policy, an_incident, desk, network, lead, work, told, heard):
    a_policy([at(50), at(75, "reassign"), at(90, "raise_priority")])
    incident = an_incident(team=desk)  # priority 3: ten hours
    work(incident, 4.9)
    assert (told(incident), heard(lead)) == ([], 0)
    work(incident, 5)
    work(incident, 5)
    assert (told(incident), heard(lead)) == ([(1, "told")], 1)
    work(incident, 8)
    incident.refresh_from_db()
    assert told(incident)[1:] == [(2, "done")]
    assert (incident.team, incident.status) == (network, "assigned")
    work(incident, 9.5)
    incident.refresh_from_db()
    assert told(incident)[2:] == [(3, "done")]
    assert (incident.priority, incident.urgency, incident.impact) == (2, 1, 2)  # the matrix still holds
    assert incident.escalated_at is not None
    assert states(incident) == ["done"] * 3


def test_a_worker_that_slept_makes_up_for_all_steps_in_order(a_policy, an_incident, desk, work, told):
    a_policy([at(50), at(75, "reassign"), at(100)])
    incident = an_incident(team=desk)
    work(incident, 30)
    # The network has no lead: nobody is there to be told at 100 %.
    assert told(incident) == [(1, "told"), (2, "done"), (3, "skipped")]


def test_minutes_before_and_after_the_target_count_service_time(a_policy, an_incident, desk, work, told):
    early = {"clock": "resolve", "minutes": -30, "do": "notify", "whom": ["team_lead"]}
    a_policy([early, early | {"minutes": 30}])
    incident = an_incident(team=desk)  # ten hours
    work(incident, 9.4)
    assert told(incident) == []
    work(incident, 9.5)
    assert told(incident) == [(1, "told")]
    work(incident, 10.5)
    assert told(incident) == [(1, "told"), (2, "told")]


def test_nothing_runs_while_the_clock_is_paused_or_after_it_stopped(a_policy, an_incident, desk, work, told, resolve):
    a_policy([at(50), at(75)])
    paused, solved = an_incident(team=desk), an_incident(team=desk)
    actions.move(paused, "wait", by=SYSTEM, waiting_reason="user")
    resolve(solved)
    work(paused, 100)
    assert told(paused) == told(solved) == []
    assert set(Escalation.objects.values_list("number", "state")) == {(paused.number, "paused")}
    actions.move(paused, "resume", by=SYSTEM)
    work(paused, 6)
    assert told(paused) == [(1, "told")]


def test_a_reopened_incident_goes_on_where_it_was(a_policy, an_incident, desk, work, told, resolve, monkeypatch):
    a_policy([at(50), at(75)])
    incident = an_incident(team=desk)
    work(incident, 5)
    resolve(incident)
    work(incident, 8)
    assert told(incident) == [(1, "told")]
    assert Escalation.objects.get().state == "ended"
    actions.move(incident, "reopen", by=SYSTEM, because="It is back")
    work(incident, 8)
    assert told(incident) == [(1, "told"), (2, "told")]
    assert Escalation.objects.count() == 1


def test_a_step_that_fails_is_seen_tried_again_and_keeps_no_other_back(
    a_policy, an_incident, desk, work, told, monkeypatch
):
    a_policy([at(50), at(75)])
    incident = an_incident(team=desk)
    notify, down = running.notify, [True]

    def unsure(record, escalation, step, *rest, **more):
        if down[0] and step.position == 1:
            raise ConnectionError("The post office is closed")
        notify(record, escalation, step, *rest, **more)

    monkeypatch.setattr(running, "notify", unsure)
    work(incident, 8)
    assert told(incident) == [(1, "failed"), (2, "told")]
    step = EscalationStep.objects.get(position=1)
    assert (step.state, step.attempts, "post office" in step.error) == ("failed", 1, True)
    retry = QueuedJob.objects.get(name=running.RETRY)
    assert retry.facts == {"step": step.pk}
    running.retry(step.pk)
    assert told(incident) == [(1, "failed"), (2, "told")]  # the second failure is counted, not told again
    down[0] = False
    running.retry(step.pk)
    running.retry(step.pk)
    assert told(incident) == [(1, "failed"), (2, "told"), (1, "told")]


def test_a_failure_for_good_is_told(a_policy, an_incident, desk, work, told, monkeypatch):
    a_policy([at(50)])
    incident = an_incident(team=desk)

    def never(*_said, **_more):
        raise ConnectionError("closed")

    monkeypatch.setattr(running, "notify", never)
    work(incident, 6)
    step = EscalationStep.objects.get()
    for _ in range(10):
        running.retry(step.pk)
    assert told(incident)[0] == (1, "failed")
    assert (1, "given_up") in told(incident)


def test_killed_in_the_middle_nothing_is_half_done(a_policy, an_incident, desk, work, told, heard, lead, monkeypatch):
    """A step and what it did stand in one transaction: who dies before its end has done nothing."""
    a_policy([at(50)])
    incident = an_incident(team=desk)

    class Killed(BaseException):
        pass

    leave = running.leave

    def dies(*_said, **_more):
        raise Killed

    monkeypatch.setattr(running, "leave", dies)
    with pytest.raises(Killed):
        work(incident, 6)
    assert (told(incident), heard(lead), states(incident)) == ([], 0, ["planned"])
    monkeypatch.setattr(running, "leave", leave)
    work(incident, 6)
    assert (told(incident), heard(lead)) == ([(1, "told")], 1)


# --- the chain --------------------------------------------------------------------------------------


@pytest.fixture
def chain(a_policy, bob, alice, lead, dave):
    whom = [person.number for person in (bob, alice, lead)]
    return a_policy([
        {"clock": "resolve", "percent": 100, "do": "call", "whom": whom, "wait": 10, "fallback": [dave.number]},
        at(110, whom=["role:process_manager"]),
    ])  # fmt: skip


def test_a_chain_calls_one_after_another_to_the_end_and_then_the_fallback(
    chain, an_incident, work, told, heard, bob, alice, lead, dave
):
    incident = an_incident()
    work(incident, 10)
    assert [heard(person) for person in (bob, alice, lead, dave)] == [1, 0, 0, 0]
    work(incident, 10 + 9 / 60)
    assert heard(alice) == 0
    for minutes, expected in ((10, [1, 1, 0, 0]), (20, [1, 1, 1, 0]), (30, [1, 1, 1, 1]), (40, [1, 1, 1, 1])):
        work(incident, 10 + minutes / 60)
        assert [heard(person) for person in (bob, alice, lead, dave)] == expected
    assert told(incident) == [(1, "called"), (1, "called"), (1, "called"), (1, "fallback")]
    work(incident, 11)
    assert told(incident)[-1] == (2, "told")


def test_an_answer_ends_the_calls(chain, an_incident, work, told, heard, bob, alice, carol):
    incident = an_incident()
    work(incident, 10)
    with pytest.raises(NotAllowed):
        acknowledge(incident, by=carol)
    assert acknowledge(incident, by=bob) == 1
    with pytest.raises(NobodyCalls):
        acknowledge(incident, by=bob)
    work(incident, 10.5)
    assert (told(incident), heard(alice)) == ([(1, "called"), (1, "acknowledged")], 0)
    step = EscalationStep.objects.get(position=1)
    assert (step.state, step.acknowledged_by) == ("done", bob.number)


def test_a_clock_that_stops_ends_the_calls(chain, an_incident, work, told, resolve, heard, alice):
    incident = an_incident()
    work(incident, 10)
    resolve(incident)
    work(incident, 10.5)
    assert (told(incident), heard(alice)) == ([(1, "called"), (1, "skipped")], 0)


# --- which policy, and what began before it ----------------------------------------------------------


def test_the_policy_that_names_most_decides_and_says_why(a_policy, an_incident, mail, desk, work):
    from gnomon.agreements.escalation.choosing import because

    a_policy([at(50)])
    by_team = a_policy([at(50)], team=desk)
    by_service = a_policy([at(50)], service=mail)
    a_policy([at(50)], service=mail, priority_at_least=2)  # this incident is less pressing
    incident = an_incident(team=desk)
    work(incident, 0)
    escalation = Escalation.objects.get()
    assert escalation.policy == by_service.number != by_team.number
    assert because(escalation.chosen) == ("This policy, because it names the service. 2 others fit and say less.")


def test_a_graver_priority_brings_another_policy_and_what_was_done_is_not_done_again(
    a_policy, an_incident, desk, work, told
):
    a_policy([at(50), at(90)])
    grave = a_policy([at(50)], priority_at_least=2)
    incident = an_incident(team=desk)
    work(incident, 5)
    actions.change(incident, by=SYSTEM, impact=1)  # priority 2: one hour
    work(incident, 5)
    assert told(incident) == [(1, "told"), (1, "told")]
    assert list(Escalation.objects.order_by("id").values_list("policy", "state"))[1] == (grave.number, "running")
    actions.change(incident, by=SYSTEM, impact=2)
    work(incident, 9)
    assert told(incident) == [(1, "told"), (1, "told"), (2, "told")]  # back with the first: step 1 was done
    assert Escalation.objects.count() == 2


def test_editing_a_policy_leaves_escalations_that_have_begun(a_policy, an_incident, desk, work, told):
    policy = a_policy([at(50)])
    old = an_incident(team=desk)
    work(old, 0)
    actions.change(policy, by=SYSTEM, steps=[at(20)])
    young = an_incident(team=desk)
    work(young, 3)
    actions.change(old, by=SYSTEM, opened_at=old.opened_at)  # nothing new
    assert (told(old), told(young)) == ([], [(1, "told")])
    assert sorted(Escalation.objects.values_list("policy_version", flat=True)) == [2, 3]


def test_what_was_due_before_the_policy_was_in_force_is_left_out(a_policy, an_incident, desk, work, told):
    incident = an_incident(team=desk, at=None)
    type(incident).objects.filter(pk=incident.pk).update(opened_at=incident.opened_at)
    a_policy([at(1), at(50)])
    early = an_incident(team=desk, opened_at=incident.opened_at - timedelta(hours=2))
    work(early, 2.5)
    assert told(early) == []  # 1 % had passed an hour and more before the policy was there
    work(early, 5)
    assert told(early) == [(2, "told")]
    assert states(early) == ["skipped", "done"]


def test_escalation_that_leads_to_escalation_comes_to_an_end_and_says_so(
    a_policy, an_incident, desk, network, work, told, mail, db
):
    """Two teams that hand it to each other whenever a turn has run for half of its hour."""
    from gnomon.records.kinds import kind_named

    for team in (desk, network):
        ola = actions.record(
            kind_named("operational_level_agreement"), by=SYSTEM, title=f"With {team.title}", team=team,
            targets=[{"priority": 3, "resolve_minutes": 60}], team_agreed_at=team.recorded_at,
        )  # fmt: skip
        actions.move(ola, "agree", by=SYSTEM)
    for team, other in ((desk, network), (network, desk)):
        step = {"clock": "team", "percent": 1, "do": "reassign", "team": other.number}
        a_policy([step], team=team)
    incident = an_incident(team=desk)
    for _ in range(12):
        work(incident, 24)
    handed = [outcome for _step, outcome in told(incident)]
    assert handed == ["done"] * (DEEPEST + 1) + ["suppressed"]
    assert Escalation.objects.filter(state="suppressed").count() == 1


def test_somebody_who_touches_it_begins_the_count_anew(a_policy, an_incident, desk, work):
    a_policy([at(50)])
    incident = an_incident(team=desk)
    follow(incident)
    assert Escalation.objects.get().depth == 0


def test_following_again_changes_nothing(a_policy, an_incident, desk, work):
    a_policy([at(50), at(75, "reassign")])
    incident = an_incident(team=desk)
    work(incident, 6)

    def rows():
        return [list(EscalationStep.objects.values()), list(Escalation.objects.values())]

    before = rows()
    follow(incident)
    follow(incident)
    assert rows() == before


def test_members_of_a_team_and_holders_of_a_role_are_told(a_policy, an_incident, desk, work, heard, bob, lead):
    member = a_person("Mei Lane", roles=["agent"])
    add_member(desk, member, by=SYSTEM)
    other = a_team("Other", lead=bob)
    a_policy([at(50, whom=["team", "role:process_manager", other.number])])
    work(an_incident(team=desk), 5)
    assert [heard(person) for person in (member, lead, bob)] == [1, 1, 1]


def test_an_installation_without_policies_asks_one_small_question(
    an_agreement, an_incident, django_assert_max_num_queries
):
    incident = an_incident()
    assert QueuedJob.objects.filter(name="agreements:follow_escalation").count() == 0
    actions.move(incident, "start", by=SYSTEM)
    assert Escalation.objects.count() == 0
