"""One wish for many records: what would happen, what happened to each, and that nothing is lost or done twice."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.makers import a_person, a_team
from tests.resolution.makers import an_incident
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actions import bulk
from gnomon.records.actions.bulk import Wish
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
BULK = "/resolution/incidents/bulk"


def lines(page):
    """Number → whether it can be done, from a preview."""
    return {line.record.number: line.can for line in page.context["lines"]}


def results(page):
    return {result.record.number: (result.done, result.says) for result in page.context["results"]}


def shown(page):
    """What the form of a page would send again."""
    ticked = [line.record.number for line in page.context["lines"] if line.ticked]
    seen = [f"{line.record.number}={line.record.version}" for line in page.context["lines"]]
    return {"move": page.context["name"], "number": ticked, "seen": seen}


# --- preview --------------------------------------------------------------------------------------


def test_a_bulk_move_is_shown_before_it_is_made_with_why_not(bob_browser):
    one, two = an_incident(), an_incident()
    actions.move(two, "wait", by=SYSTEM, waiting_reason="user")
    entries = LedgerEntry.objects.count()
    page = bob_browser.post(BULK, {"move": "wait", "number": [one.number, two.number]})
    assert lines(page) == {two.number: False, one.number: True}
    assert "is Waiting and cannot take the move “Wait”" in page.content.decode()
    assert [line.ticked for line in page.context["lines"]] == [False, True]
    assert Incident.objects.filter(status="waiting").count() == 1
    assert LedgerEntry.objects.count() == entries


def test_a_preview_with_facts_tells_what_they_would_do_and_changes_nothing(bob_browser):
    """Who has met no target is no matter here: only the record that cannot be left is refused."""
    new, done = an_incident(), an_incident()
    actions.move(done, "resolve", by=SYSTEM, resolution="Done", closure_code="solved")
    facts = {"resolution": "Rebooted", "closure_code": "solved"}
    sent = {"move": "resolve", "number": [new.number, done.number], "check": "1", **facts}
    page = bob_browser.post(BULK, sent)
    assert lines(page) == {new.number: True, done.number: False}
    assert page.context["tried"]
    new.refresh_from_db()
    assert (new.status, new.resolution, new.version) == ("new", "", 1)


def test_what_the_form_will_ask_for_is_no_reason_against_a_record(bob_browser):
    page = bob_browser.post(BULK, {"move": "resolve", "number": an_incident().number})
    assert list(lines(page).values()) == [True]


def test_a_number_that_no_record_can_have_is_left_out(bob_browser):
    number = an_incident().number
    page = bob_browser.post(BULK, {"move": "start", "number": [number, "a\x00b", "INC-999999"]})
    assert [record.number for record in page.context["records"]] == [number]


@pytest.mark.parametrize("sent", [{"move": "wait"}, {"move": "wait", "number": ["INC-999999", "'"]}])
def test_a_bulk_move_of_nothing_says_so(bob_browser, sent):
    assert "Nothing is selected" in bob_browser.post(BULK, sent).content.decode()


def test_what_does_not_exist_or_is_not_ones_own_is_refused(bob_browser, carol_browser, eve_browser):
    number = an_incident().number
    assert bob_browser.post(BULK, {"move": "explode"}).status_code == 404
    for move in ("wait", "change"):
        for browser in (carol_browser, eve_browser):
            assert browser.post(BULK, {"move": move, "number": number}).status_code in (403, 404)


# --- carrying out ---------------------------------------------------------------------------------


def test_every_third_row_refused_loses_nothing_and_stays_selected(bob, bob_browser):
    made = [an_incident(f"Case {n}") for n in range(9)]
    for third in made[::3]:
        actions.move(third, "wait", by=SYSTEM, waiting_reason="supplier")
    sent = {"move": "wait", "number": [one.number for one in made], "sure": "1", "waiting_reason": "user"}
    page = bob_browser.post(BULK, sent)
    told = results(page)
    assert [told[one.number][0] for one in made] == [False, True, True] * 3
    assert page.context["done"] == 6
    assert all("is Waiting and cannot" in told[one.number][1] for one in made[::3])
    assert Incident.objects.filter(status="waiting", waiting_reason="user").count() == 6
    assert Incident.objects.filter(status="waiting", waiting_reason="supplier").count() == 3
    assert LedgerEntry.objects.filter(verb="incident:wait", actor=bob.number).count() == 6
    again = shown(page)
    assert sorted(again["number"]) == [one.number for one in made[::3]]  # for another try
    for third in made[::3]:
        actions.move(third, "resume", by=SYSTEM)
    again["seen"] = []
    page = bob_browser.post(BULK, {**again, "sure": "1", "waiting_reason": "user"})
    assert page.context["done"] == 3
    assert Incident.objects.filter(waiting_reason="user").count() == 9


def test_what_is_left_empty_stays_as_each_record_has_it(bob, bob_browser):
    """Starting work offers the assignee; left empty, it must not take everybody's away."""
    hers, nobodys = an_incident(assignee=bob), an_incident()
    bob_browser.post(BULK, {"move": "start", "number": [hers.number, nobodys.number], "sure": "1", "assignee": ""})
    hers.refresh_from_db()
    nobodys.refresh_from_db()
    assert (hers.status, hers.assignee, nobodys.assignee) == ("in_progress", bob, None)


def test_it_is_asked_once_for_what_any_of_them_lacks(bob_browser):
    with_team, without = an_incident(team=a_team("Desk")), an_incident()
    page = bob_browser.post(BULK, {"move": "assign", "number": [with_team.number], "sure": "1"})
    assert page.context["done"] == 1
    page = bob_browser.post(BULK, {"move": "assign", "number": [without.number], "sure": "1"})
    assert page.status_code == 422
    assert "team" in page.context["form"].errors


def test_a_row_that_somebody_changed_after_the_preview_is_refused_and_the_others_are_done(bob_browser, alice):
    mine, changed = an_incident("Mine"), an_incident("Changed")
    page = bob_browser.post(BULK, {"move": "start", "number": [mine.number, changed.number]})
    actions.change(changed, by=alice, category="network")
    page = bob_browser.post(BULK, {**shown(page), "sure": "1"})
    assert results(page)[mine.number] == (True, "In progress")
    assert "was changed by somebody else meanwhile" in results(page)[changed.number][1]
    changed.refresh_from_db()
    assert changed.status == "new"
    page = bob_browser.post(BULK, {**shown(page), "sure": "1"})  # having seen what is new
    assert results(page) == {changed.number: (True, "In progress")}


def test_words_that_came_meanwhile_refuse_nobody(bob_browser, alice):
    incident = an_incident()
    page = bob_browser.post(BULK, {"move": "start", "number": incident.number})
    actions.comment(incident, "I look into it", by=alice)
    assert results(bob_browser.post(BULK, {**shown(page), "sure": "1"}))[incident.number][0]


def test_sending_twice_does_it_once(bob, bob_browser):
    incident = an_incident()
    sent = {**shown(bob_browser.post(BULK, {"move": "escalate", "number": incident.number})), "sure": "1"}
    sent |= {"team": str(a_team("Network").pk), "because": "They know it"}
    first, second = bob_browser.post(BULK, sent), bob_browser.post(BULK, sent)
    assert results(first)[incident.number] == (True, "Assigned")
    assert results(second)[incident.number] == (True, "Done already.")
    assert LedgerEntry.objects.filter(number=incident.number, verb="incident:escalate").count() == 1


# --- changing fields ------------------------------------------------------------------------------


def test_fields_of_many_are_changed_and_emptied_with_one_entry_each(bob, bob_browser):
    team, lin = a_team("Network"), a_person("Lin Hart", roles=["agent"])
    made = [an_incident(assignee=lin), an_incident()]
    sent = {"move": "change", "number": [one.number for one in made], "sure": "1", "because": "Sorted out"}
    page = bob_browser.post(BULK, sent | {"team": str(team.pk), "clear": ["assignee"]})
    assert page.context["done"] == 2
    assert set(Incident.objects.values_list("team", "assignee")) == {(team.pk, None)}
    for one in made:
        entry = LedgerEntry.objects.filter(number=one.number).latest("version")
        assert (entry.version, entry.verb, entry.because) == (2, "incident:changed", "Sorted out")


def test_a_change_that_says_nothing_is_told_so(bob_browser):
    page = bob_browser.post(BULK, {"move": "change", "number": an_incident().number, "sure": "1"})
    assert page.status_code == 422
    assert "Fill at least one field" in page.content.decode()


def test_what_is_so_already_is_done_and_leaves_no_entry(bob):
    team = a_team("Desk")
    incident = an_incident(team=team)
    (outcome,) = bulk.carry_out(Wish(INCIDENT, facts={"team": team}), [incident], by=bob)
    assert (outcome.done, outcome.says) == (True, "It is so already.")
    assert incident.version == 1


# --- how many -------------------------------------------------------------------------------------


def test_more_than_five_hundred_are_refused_with_a_sentence(bob, bob_browser, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    made = [an_incident(f"Case {n}") for n in range(4)]
    says = "more than 3 records"
    page = bob_browser.post(BULK, {"move": "start", "number": [one.number for one in made], "sure": "1"})
    assert (page.status_code, says in page.content.decode()) == (400, True)
    with pytest.raises(InvalidFacts, match=says):
        bulk.records_where(INCIDENT, bob, {"status": ["new"]})
    assert not Incident.objects.filter(status="in_progress").exists()


def test_all_pages_of_a_list_are_chosen_by_its_filters(bob_browser):
    made = [an_incident(f"Mail {n}", category="mail") for n in range(60)]
    an_incident("Not this", category="vpn")
    page = bob_browser.post(
        BULK, {"move": "start", "every": "1", "where": "category=mail&cursor=x", "number": made[0].number}
    )
    assert len(page.context["lines"]) == 60


# --- by REST and on the command line --------------------------------------------------------------


@pytest.fixture
def rest(bob):
    _token, secret = make_token(bob, name="bulk", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(**body):
        return program.post("/api/v1/incidents/bulk", json.dumps(body), content_type="application/json")

    return post


def test_by_rest_it_is_tried_and_then_done_with_an_answer_for_each(rest):
    one, two = an_incident("One", category="mail"), an_incident("Two", category="mail")
    actions.move(two, "wait", by=SYSTEM, waiting_reason="user")
    body = {"move": "wait", "where": {"category": ["mail"]}, "facts": {"waiting_reason": "supplier"}}
    tried = rest(**body, dry_run=True).json()
    assert (tried["dry_run"], tried["done"], tried["refused"]) == (True, 1, 1)
    assert Incident.objects.get(pk=one.pk).status == "new"
    done = rest(**body).json()
    assert [(row["number"], row["done"]) for row in done["results"]] == [(two.number, False), (one.number, True)]
    assert Incident.objects.get(pk=one.pk).waiting_reason == "supplier"


def test_by_rest_stale_and_unknown_numbers_are_refused_each(rest, alice):
    one, two = an_incident(), an_incident()
    actions.change(two, by=alice, category="vpn")
    answer = rest(
        move="start", numbers=[one.number, two.number, "INC-999999"], seen={one.number: 1, two.number: 1}
    ).json()
    assert {row["number"]: row["done"] for row in answer["results"]} == {
        one.number: True, two.number: False, "INC-999999": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"move": "explode", "numbers": ["INC-1"]}, "move"),
        ({"numbers": ["INC-1"]}, "move"),
        ({"move": "start"}, "numbers"),
        ({"move": "start", "numbers": ["INC-1"], "where": {"status": ["new"]}}, "numbers"),
        ({"move": "start", "where": {"nonsense": ["1"]}}, "nonsense"),
        ({"facts": {"title": 3}, "numbers": ["INC-1"]}, "title"),
    ],
)
def test_a_wish_that_makes_no_sense_is_named(rest, body, field):
    answer = rest(**body)
    assert answer.status_code in (400, 422)
    assert field in answer.content.decode()


def test_requesters_and_eve_cannot_wish_for_many(carol, eve):
    number = an_incident(requester=carol).number
    for person in (carol, eve):
        _token, secret = make_token(person, name="bulk", by=SYSTEM)
        for body in ({"move": "start", "numbers": [number]}, {"facts": {"category": "x"}, "numbers": [number]}):
            answer = Client(headers={"Authorization": f"Bearer {secret}"}).post(
                "/api/v1/incidents/bulk", json.dumps(body), content_type="application/json"
            )
            assert answer.status_code == 403


def gnomon(*words):
    return CliRunner().invoke(application(), list(words))


def test_on_the_command_line_it_is_tried_and_then_done(bob):
    one, two = an_incident("One"), an_incident("Two")
    actions.move(two, "wait", by=SYSTEM, waiting_reason="user")
    words = ["bulk", "incident", "wait", "waiting_reason=user", "--where", "status=new,waiting", "--as", "bob"]
    tried = gnomon(*words, "--dry-run")
    assert "1 of 2 would be done" in tried.output
    assert Incident.objects.get(pk=one.pk).status == "new"
    done = gnomon(*words)
    assert "1 of 2 were done" in done.output
    assert done.exit_code == 1  # one was refused
    assert Incident.objects.get(pk=one.pk).status == "waiting"
    changed = gnomon("bulk", "incident", "change", "category=mail", "--number", one.number, "--as", "bob", "--json")
    assert json.loads(changed.output)["done"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ["explode", "--where", "status=new"], ["start"], ["start", "--where", "status"], ["change", "--where", "status=new"],
        ["start", "--where", "status=new", "--number", "INC-000001"],
    ],
)  # fmt: skip
def test_on_the_command_line_nonsense_is_one_sentence(bob, words):
    answer = gnomon("bulk", "incident", *words, "--as", "bob")
    assert answer.exit_code == 2
    assert answer.output.strip().endswith(".")
