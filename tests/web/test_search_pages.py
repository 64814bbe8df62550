"""The search page, its suggestions, REST and the command line: one question, one answer at every door."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.search import vocabulary

pytestmark = pytest.mark.django_db

SEARCH_PAGE, SUGGESTIONS = 13, 11


def test_results_show_what_was_looked_for_and_nothing_typed_is_markup(bob_browser):
    incident = an_incident("打印机 <b>jams</b> & more", description="The printer in <i>hall B</i> jams")
    page = bob_browser.get("/search", {"q": "打印机 jams"}).content.decode()
    assert incident.number in page
    assert "<mark>打印机</mark> &lt;b&gt;<mark>jams</mark>&lt;/b&gt; &amp; more" in page
    assert "hall B&lt;/i&gt; <mark>jams</mark>" in page
    hostile = bob_browser.get("/search", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in hostile
    assert "Nothing was found." in hostile


def test_kinds_are_tabs_and_filters_are_chips(bob_browser):
    a_service("Printing")
    team = a_team("Network")
    for n in range(10):
        an_incident(f"Printing stalls {n}", team=team)
    page = bob_browser.get("/search", {"q": "print team:network"})
    assert [(tab.title, tab.count) for tab in page.context["tabs"]] == [("All", 10), ("Incidents", 10)]
    assert [(chip.title, chip.value) for chip in page.context["chips"]] == [("Team", "network")]
    assert page.context["chips"][0].remove == "?q=print"
    page = bob_browser.get("/search", {"q": "print"})
    assert [(str(tab.title), tab.count) for tab in page.context["tabs"][1:]] == [("Incidents", 10), ("Services", 1)]
    assert len(page.context["sections"][0].found) == 8
    assert "All incidents that were found" in page.content.decode()
    assert "/resolution/incidents/?q=print" in page.content.decode()
    only = bob_browser.get("/search", {"q": "print", "kind": "incident"})
    assert [len(section.found) for section in only.context["sections"]] == [10]
    beyond = bob_browser.get("/search", {"q": "print", "kind": "incident", "start": "9"})
    assert [len(section.found) for section in beyond.context["sections"]] == [1]


def test_a_correction_is_said_and_can_be_declined(bob_browser):
    an_incident("Printer jams")
    vocabulary.learn()
    page = bob_browser.get("/search", {"q": "prnter"}).content.decode()
    assert "Showing results for <strong>printer</strong>." in page
    assert 'href="?q=prnter&amp;exactly=1"' in page
    assert "Nothing was found." in bob_browser.get("/search", {"q": "prnter", "exactly": 1}).content.decode()


def test_the_page_helps_whoever_has_asked_nothing_yet(bob_browser):
    page = bob_browser.get("/search").content.decode()
    assert "team:network status:open" in page
    assert "团队:网络" in bob_browser.get("/search", headers={"Accept-Language": "zh"}).content.decode()


def test_eve_finds_nothing_at_any_door(eve, eve_browser):
    an_incident("Printer jams")
    vocabulary.learn()
    for typed in ("printer", "INC-1", "1", "prnter", "status:new"):
        assert "INC-000001" not in eve_browser.get("/search", {"q": typed}).content.decode()
        assert "INC-000001" not in eve_browser.get("/search/suggestions", {"q": typed}).content.decode()


def test_suggestions_are_few_and_the_same_ones_are_not_sent_twice(bob_browser):
    for n in range(12):
        an_incident(f"Printer {n}")
    answer = bob_browser.get("/search/suggestions", {"q": "prin"})
    assert answer.content.decode().count('role="option"') == 5  # four of the kind, and all results
    again = bob_browser.get("/search/suggestions", {"q": "prin"}, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert "INC-000003" in bob_browser.get("/search/suggestions", {"q": "inc-3"}).content.decode()
    assert bob_browser.get("/search/suggestions", {"q": ""}).content.decode() == ""


@pytest.mark.parametrize(
    "asked",
    ["q=%22", "q=-", "q=a:b:c::", "q=" + "x " * 300, "q=x&kind=none", "q=x&start=-1", "q=x&start=99999999", "q=%EF%BF%BD"],
)  # fmt: skip
def test_nothing_that_is_asked_breaks_the_page(bob_browser, asked):
    assert bob_browser.get(f"/search?{asked}").status_code == 200
    assert bob_browser.get(f"/search/suggestions?{asked}").status_code == 200


def asked_by(browser):
    """How often each address asks the database, when it is not the first that is asked."""

    def asked(address):
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code in {200, 302}
        return len(captured)

    return asked


def test_a_search_asks_the_database_as_often_for_many_records_as_for_few(bob, bob_browser):
    asked = asked_by(bob_browser)

    def some(count):
        for n in range(count):
            actions.comment(an_incident(f"Printer {n}"), "it jams", by=bob)

    some(3)
    few = asked("/search?q=printer"), asked("/search/suggestions?q=printer")
    some(17)
    assert (asked("/search?q=printer"), asked("/search/suggestions?q=printer")) == few
    assert few[0] <= SEARCH_PAGE
    assert few[1] <= SUGGESTIONS


QUESTIONS = (
    "/search?q=printer", "/search?q=prin", "/search?q=printer+-toner", "/search?q=status:open", "/search?q=owner:bob+printer",
    "/search?q=team:network+status:open+打印机", "/search?q=prnter", "/search?q=打印几", "/search?q=%22printer+jams%22",
    "/search?q=7", "/search?q=-toner", "/search/suggestions?q=prin", "/search/suggestions?q=prnter", "/search?q=xylophone",
)  # fmt: skip


@pytest.mark.parametrize("who", ["bob_browser", "carol_browser"])
def test_a_search_asks_the_database_as_often_for_many_kinds_as_for_one(request, who, bob, carol):
    """Incidents and a service hold the words, then seven kinds do: nothing is asked more often, whoever asks.

    Requesters know some incidents and every service: what they know in part is looked through beside the index.
    """
    words, team = "Printer jams 打印机卡纸", a_team("Network")
    for _n in range(3):
        actions.change(an_incident(words, requester=carol), by=bob, team=team, owner=bob)
    a_service(words, owner=bob)
    vocabulary.learn()
    asked = asked_by(request.getfixturevalue(who))
    before = {address: asked(address) for address in QUESTIONS}
    a_team(words)
    for kind, facts in {
        "category": {}, "document": {"text": words}, "customer": {}, "reply_template": {"text": words},
    }.items():  # fmt: skip
        actions.record(kind_named(kind), by=SYSTEM, title=words, **facts)
    vocabulary.learn()
    held = bob_holds(words)
    assert held >= {"incident", "service", "team", "category", "document", "customer", "reply_template"}
    assert {address: asked(address) for address in QUESTIONS} == before


def bob_holds(words):
    from gnomon.records.search import find_numbers

    return {kind for kind, _number in find_numbers(words)}


# --- REST and command line --------------------------------------------------------------------------


def test_rest_answers_the_same(bob, carol):
    hers = an_incident("Printer jams", by=carol)
    an_incident("Printer smokes", by=bob)
    vocabulary.learn()

    def ask(person, **query):
        _token, secret = make_token(person, name=f"test {query}", by=SYSTEM)
        return Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/search", query)

    told = ask(bob, q="prnter status:new").json()
    assert told["corrected_from"] == "prnter status:new"
    assert told["filters"] == [{"name": "Status", "value": "new", "not": False}]
    assert [(one["kind"], one["count"], one["more"]) for one in told["kinds"]] == [("incident", 2, False)]
    hers_alone = ask(carol, q="printer").json()["kinds"]
    assert [record["number"] for record in hers_alone[0]["records"]] == [hers.number]
    assert hers_alone[0]["records"][0]["url"] == hers.get_absolute_url()
    assert ask(bob, q="x", limit="0").status_code == 422
    assert ask(bob, q="x", kind="unicorn").json()["detail"].endswith(".")
    assert ask(bob).json()["kinds"] == []


def test_the_command_line_answers_the_same(bob):
    an_incident("Printer jams")
    run = CliRunner().invoke(application(), ["search", "printer", "status:open", "--as", "bob", "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["kinds"][0]["records"][0]["number"] == "INC-000001"
    run = CliRunner().invoke(application(), ["search", "nosuchword", "--as", "bob"])
    assert "Nothing was found." in run.stdout
    run = CliRunner().invoke(application(), ["search", "rebuild", "--check", "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["wrong"] == 0


def test_a_merged_incident_names_where_it_leads(bob, bob_browser, carol, carol_browser):
    target, source = an_incident("Mail is down"), an_incident("Postfach gone", requester=carol, by=carol)
    actions.move(source, "merge", by=bob, because="The same.", merged_into=target)
    page = bob_browser.get("/search", {"q": "postfach"}).content.decode()
    assert "Merged into" in page
    assert f'<span class="found-number">{target.number}</span> Mail is down' in page
    assert f"→ {target.number}" in bob_browser.get("/search/suggestions", {"q": "postfach"}).content.decode()
    told = carol_browser.get("/search", {"q": "postfach"}).content.decode()
    assert source.number in told
    assert target.number not in told, "who sees only their own report is led nowhere"
    _token, text = make_token(bob, name="t", by=SYSTEM)
    answer = Client().get("/api/v1/search", {"q": "postfach"}, headers={"Authorization": f"Bearer {text}"}).json()
    assert answer["kinds"][0]["records"][0]["leads_to"] == target.number


def test_incidents_come_before_the_ratings_of_them(bob_browser, bob, carol):
    """Two ratings and one incident hold the word in their titles: what a record is about comes first."""
    outage = an_incident("Printer jams", requester=carol)
    for person in (bob, carol):
        actions.record(
            kind_named("satisfaction_rating"), by=SYSTEM, title="Printer jams", incident=outage, requester=person
        )
    page = bob_browser.get("/search", {"q": "printer"})
    assert [section.kind.name for section in page.context["sections"]] == ["incident", "satisfaction_rating"]
