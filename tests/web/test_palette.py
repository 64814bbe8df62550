"""The palette offers what a person may do from where they are, in both languages, and nothing else."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named

pytestmark = pytest.mark.django_db


def commands(browser, at="/"):
    return browser.get("/palette", {"at": at}).json()["commands"]


def titles(browser, at="/"):
    return [command["title"] for command in commands(browser, at)]


def test_all_moves_open_to_a_person_come_first(bob_browser, bob):
    incident = an_incident("No mail", by=bob)
    offered = titles(bob_browser, incident.get_absolute_url())
    moves = [str(move.title) for move in incident.kind.workflow.moves_from("new")]
    assert offered[: len(moves)] == moves
    assert {"Assign to me", "Edit", "Write a comment", "Attach files", "Watch this"} <= set(offered)


def test_a_command_knows_its_title_in_the_other_language(bob_browser, bob):
    incident = an_incident("No mail", by=bob)
    also = {command["title"]: command["also"] for command in commands(bob_browser, incident.get_absolute_url())}
    assert also["Edit"] == "编辑"
    assert also["New Incident"] == "新建事件"


def test_ready_replies_and_templates_are_commands(bob_browser, bob):
    for kind, facts in (("reply_template", {"text": "Hello"}), ("incident_template", {"subject": "Full"})):
        actions.move(actions.record(kind_named(kind), by=SYSTEM, title=f"A {kind}", **facts), "adopt", by=SYSTEM)
    offered = commands(bob_browser, an_incident(by=bob).get_absolute_url())
    by_title = {command["title"]: command for command in offered}
    assert by_title["Reply: A reply_template"]["how"] == "reply"
    assert by_title["Incident: A incident_template"]["url"].endswith("new?template=ITP-000001")


def test_a_requester_is_offered_what_is_theirs(carol_browser, carol, bob):
    mine, other = an_incident("Mine", by=bob, requester=carol), an_incident("Other", by=bob)
    offered = titles(carol_browser, mine.get_absolute_url())
    assert "Write a comment" in offered
    assert {"Edit", "Resolve", "Who changed what", "Watch this"}.isdisjoint(offered)
    assert commands(carol_browser, other.get_absolute_url()) == commands(carol_browser)


def test_eve_and_strangers_are_offered_nothing_of_a_record(eve_browser, nobody_browser, bob):
    incident = an_incident(by=bob)
    assert not [one for one in commands(eve_browser, incident.get_absolute_url()) if incident.number in one["group"]]
    assert nobody_browser.get("/palette").status_code == 302


@pytest.mark.parametrize(
    "at", ["", "//", "/resolution/incidents/ ", "/x/y/z", "http://evil.example/resolution/incidents/INC-1"]
)
def test_a_place_that_is_none_offers_what_every_page_does(bob_browser, at):
    assert commands(bob_browser, at) == commands(bob_browser)


def test_a_link_fills_a_move_in_beforehand(bob_browser, bob):
    incident = an_incident(by=bob)
    form = bob_browser.get(f"{incident.get_absolute_url()}/assign?assignee={bob.pk}&nonsense=1").context["form"]
    assert str(form["assignee"].value()) == str(bob.pk)
