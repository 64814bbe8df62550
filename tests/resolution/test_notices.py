"""Who is told what of an incident (8.6.1, 7.4)."""

from __future__ import annotations

import pytest
from tests.governance.notices.working import work
from tests.makers import a_person, a_team
from tests.resolution.makers import an_incident

from gnomon.governance.models import Message
from gnomon.governance.notices import latest
from gnomon.jobs.models import QueuedJob
from gnomon.records import actions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.4")]


@pytest.fixture
def desk():
    return a_team("Service desk")


@pytest.fixture
def ben(desk):
    return a_person("Ben Ode", username="ben", roles=["agent"], team=desk)


@pytest.fixture
def mia(desk):
    return a_person("Mia Roe", username="mia", roles=["agent"], team=desk)


@pytest.fixture
def outage(bob, carol):
    incident = an_incident("No mail", requester=carol, by=bob)
    work()
    return incident


def said(person):
    """What a person was told since the incident was recorded, oldest first."""
    titles = [receipt.message.titles["en"] for receipt in latest(person)][::-1]
    return [title for title in titles if not title.startswith("We have recorded")]


def test_a_requester_is_told_that_her_call_was_recorded_and_by_whom_it_is_done_is_not(outage, bob, carol):
    assert latest(carol)[0].message.titles["en"] == "We have recorded INC-000001 for you: No mail"
    assert latest(carol)[0].message.titles["zh-hans"] == "我们已为您记录 INC-000001：No mail"
    assert latest(bob) == []


def test_the_team_is_told_while_nobody_has_it_and_then_only_who_has(outage, bob, desk, ben, mia):
    actions.move(outage, "assign", by=bob, team=desk)
    work()
    assert said(ben) == said(mia) == ["INC-000001 waits for your team: No mail"]
    actions.change(outage, by=bob, assignee=ben)
    work()
    assert said(ben)[1:] == ["INC-000001 is assigned to you: No mail"]
    assert len(said(mia)) == 1


def test_a_change_that_gives_it_to_nobody_new_tells_nobody(outage, bob, desk, ben):
    actions.move(outage, "assign", by=bob, team=desk, assignee=ben)
    actions.change(outage, by=bob, category="mail")
    work()
    assert said(ben) == ["INC-000001 is assigned to you: No mail"]


def test_words_reach_the_other_side_and_nobody_twice(outage, bob, carol, desk, ben):
    actions.move(outage, "assign", by=bob, team=desk, assignee=ben)
    actions.join(outage, ben, "watcher", by=bob)
    actions.join(outage, carol, "watcher", by=bob)
    work()
    actions.comment(outage, "Since nine o'clock", by=carol)
    actions.comment(outage, "Look again", by=ben)
    work()
    assert said(ben)[1:] == ["Carol Lane wrote about INC-000001: No mail"]
    assert said(carol) == ["Ben Ode wrote about INC-000001: No mail"]
    assert latest(carol)[0].message.text == "Look again"


def test_what_is_said_among_staff_reaches_no_requester_who_follows(outage, bob, carol, desk, ben):
    tom = a_person("Tom Else", username="tom", roles=["requester"])
    actions.move(outage, "assign", by=bob, team=desk, assignee=ben)
    actions.join(outage, tom, "watcher", by=bob)
    actions.comment(outage, "She forgot her password again", by=bob, internal=True)
    work()
    assert said(carol) == said(tom) == []
    assert said(ben)[-1] == "Bob Reed wrote about INC-000001: No mail"


def test_why_staff_did_it_is_not_told_outside(outage, bob, carol):
    actions.move(outage, "cancel", by=bob, because="A prank of hers")
    work()
    assert said(carol) == ["INC-000001 is not worked on any further: No mail"]
    assert not Message.objects.filter(text__contains="prank").exists()


def test_from_the_answer_to_the_end(outage, bob, carol, desk, ben):
    actions.move(outage, "assign", by=bob, team=desk, assignee=ben)
    actions.move(outage, "wait", by=ben, waiting_reason="user")
    actions.move(outage, "resume", by=ben)
    work()  # each entry is told as the incident stands when the worker comes to it
    actions.move(outage, "wait", by=ben, waiting_reason="supplier")
    work()
    actions.move(outage, "resolve", by=ben, resolution="Quota raised", closure_code="solved")
    work()
    actions.move(outage, "reopen", by=carol, because="Still none")
    work()
    assert said(carol)[-1] == "Is it solved? INC-000001: No mail"
    assert latest(carol)[0].message.text == "Quota raised"
    assert said(ben)[-1] == "Carol Lane reopened INC-000001: No mail"
    assert latest(ben)[0].message.text == "Still none"


def test_who_follows_is_told_that_it_moves_on(outage, bob, alice):
    actions.join(outage, alice, "watcher", by=bob)
    actions.move(outage, "resolve", by=bob, resolution="Done", closure_code="solved")
    work()
    assert said(alice) == ["INC-000001, which you follow, moved on: No mail"]


def test_running_the_job_again_tells_nothing_again(outage, bob, carol):
    actions.comment(outage, "Hello", by=bob)
    work()
    QueuedJob.objects.update(state="waiting", attempts=0)
    work()
    assert said(carol) == ["Bob Reed wrote about INC-000001: No mail"]
