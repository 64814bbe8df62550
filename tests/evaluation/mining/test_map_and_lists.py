"""The map on the page: what a number says it counts is what its list shows; who may not read sees nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.test import Client
from django.urls import resolve
from tests.evaluation.mining.lives import make_lives

from gnomon.calendars.calendar import Calendar
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.atlas import Atlas
from gnomon.evaluation.mining.choosing import chosen
from gnomon.evaluation.mining.courses import course, list_of
from gnomon.evaluation.mining.perspectives import PERSPECTIVES
from gnomon.evaluation.mining.waits import Stretches
from gnomon.evaluation.views.mined_rework import again_lines, tossed_lines
from gnomon.evaluation.views.mined_waits import bottlenecks, waits_of
from gnomon.evaluation.views.mined_ways import shown_ways
from gnomon.jobs.moments import milliseconds
from gnomon.organization.models import Person
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db
ALL = {"period": "all"}


def counted_by_list(url: str, person: Any) -> int:
    """How many records the list page of an address holds for somebody."""
    parts = urlsplit(url)
    assert resolve(parts.path).url_name == "incident-list"
    return Listing(kind_named("incident"), person, parse_qs(parts.query, strict_parsing=True)).count()


@pytest.fixture
def lives(bob: Person) -> list[str]:
    """Incidents that went all sorts of ways."""
    return make_lives(bob)


def atlas_of(person: Person, by: str = "states", **asked: str) -> Atlas:
    found = chosen(person, {"by": by, **asked})
    return Atlas(Question(found.kind, found.perspective, found.parameters, person), 100, 100)


ASKED = (ALL, {"period": "30"}, {"priority": "2"}, {"team": "TEAM-000001", "period": "all"})


def test_every_number_of_the_map_and_its_list_count_the_same(lives: list[str], bob: Person) -> None:
    """From every side and however narrowed."""
    for by, asked in product(PERSPECTIVES, ASKED):
        atlas = atlas_of(bob, by, **asked)
        assert atlas.graph.cases, (by, asked)
        assert counted_by_list(atlas.all_url, bob) == atlas.graph.cases, (by, asked)
        for line in (*atlas.stop_lines(), *atlas.way_lines(), *atlas._ways()):
            assert counted_by_list(line.url, bob) == line.cases, (by, asked, line)


def test_the_map_tells_the_steps_that_were_taken(lives: list[str], bob: Person) -> None:
    """By hand: of six incidents all begin as new; see `lives` for what became of each."""
    atlas = atlas_of(bob, **ALL)

    steps = {(edge.start, edge.end): (edge.events, edge.cases) for edge in atlas.graph.edges}
    assert steps == {
        ("new", "assigned"): (4, 4), ("assigned", "in_progress"): (3, 3), ("in_progress", "waiting"): (2, 1),
        ("waiting", "in_progress"): (2, 1), ("in_progress", "resolved"): (4, 3), ("resolved", "closed"): (2, 2),
        ("resolved", "in_progress"): (1, 1), ("assigned", "cancelled"): (1, 1),
    }  # fmt: skip
    ends = {node.name: (node.first, node.last) for node in atlas.graph.nodes}
    assert ends["new"] == (6, 2)
    assert (ends["closed"], ends["resolved"], ends["cancelled"]) == ((0, 2), (0, 1), (0, 1))


def test_the_teams_that_held_them(lives: list[str], bob: Person) -> None:
    graph = atlas_of(bob, "teams", **ALL).graph

    desk, network = "TEAM-000001", "TEAM-000002"
    assert {(edge.start, edge.end): edge.cases for edge in graph.edges} == {(desk, network): 1, (network, desk): 1}
    assert graph.cases == 5


def test_every_number_of_the_other_pages_and_its_list_count_the_same(lives: list[str], bob: Person) -> None:
    for asked in (ALL, {"priority": "2", "period": "all"}):
        atlas = atlas_of(bob, **asked)
        causes, teams = waits_of(atlas.question, datetime.now(UTC), None)
        tossed, any_tossed = tossed_lines(atlas.question)
        ways = shown_ways(atlas.question, atlas.question.variants())
        assert shown_ways(atlas.question, atlas.question.variants(), 1, 2) == ways[1:3]  # one page of them
        lines = [*causes, *teams, *bottlenecks(atlas.question), *again_lines(atlas.question), *tossed, *ways]
        for line in [*lines, any_tossed] if any_tossed else lines:
            assert counted_by_list(line.url, bob) == line.cases, line


def test_where_time_went(lives: list[str], bob: Person) -> None:
    """By hand, see `lives`.

    Waiting for the user: 3 → 9 hours; for the supplier: 10 → 40. Resolved, waiting to be closed: 5 → 50 of the
    closed one and 3 → 20 and 22 → 100 of the one that came back; the one that waited twice stands there still.
    Handed from the desk to the network at 2 and back at 5, where it lies until now.
    """
    begin = datetime.now(UTC) - timedelta(days=20)
    causes, teams = waits_of(atlas_of(bob, **ALL).question, begin + timedelta(hours=500), None)

    told = {line.title: (line.cases, line.times, line.median) for line in causes}
    assert told["Waiting: User"] == (1, 1, "6 h")
    assert told["Waiting: Supplier"] == (1, 1, "1 d 6 h")
    assert told["Resolved, waiting to be closed"][:2] == (3, 4)
    assert told["Handed over, not yet taken up"][:2] == (1, 2)
    assert [(line.title, line.cases, line.times) for line in teams] == [("Desk", 1, 1), ("Network", 1, 1)]
    assert teams[1].total == "3 h"


def test_time_can_be_counted_in_service_hours(lives: list[str], bob: Person) -> None:
    """Between two weeks apart lie ten working days of nine hours, whatever day it is: 90 hours of 336."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "18:00"),))
    hours = Calendar.from_definition({"time_zone": "UTC", "week": week}, name="Office", version=1)
    start = milliseconds(datetime(2026, 3, 4, tzinfo=UTC))
    one = Stretches(
        *(np.array([0]) for _ in range(3)), np.array([False]), np.array([start]), np.array([start + 14 * 86_400_000]),
        ("work",), ("",),
    )  # fmt: skip

    assert one.lengths(hours).tolist() == [90 * 3_600_000]


def test_ways_that_were_gone(lives: list[str], bob: Person) -> None:
    question = atlas_of(bob, **ALL).question

    ways = {" > ".join(way.path): way.cases for way in question.variants()}

    assert ways == {
        "new": 2,
        "new > assigned > cancelled": 1,
        "new > assigned > in_progress > resolved > closed": 1,
        "new > assigned > in_progress > waiting > in_progress > waiting > in_progress > resolved": 1,
        "new > assigned > in_progress > resolved > in_progress > resolved > closed": 1,
    }


@pytest.mark.parametrize("page", ["", "variants/", "waiting/", "rework/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_stands_full_and_empty(bob: Person, bob_browser: Client, page: str, language: str) -> None:
    headers = {"HTTP_ACCEPT_LANGUAGE": language}
    url = f"/evaluation/mining/{page}?period=all"
    assert "empty-state" in bob_browser.get(url, **headers).content.decode()
    make_lives(bob)
    full = bob_browser.get(url, **headers).content.decode()
    assert "empty-state" not in full
    assert "mined=" in full
    part = bob_browser.get(url, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="mined").content.decode()
    assert "<html" not in part


def test_the_page_shows_the_map_with_links(lives: list[str], bob_browser: Client) -> None:
    page = bob_browser.get("/evaluation/mining/", {"period": "all"}).content.decode()

    atlas_links = re.findall(r'<a href="(/resolution/incidents/\?[^"]*mined=[^"]*)"', page)
    assert "states.step.new~assigned" in page
    assert len(atlas_links) > 20
    answer = bob_browser.get(atlas_links[0].replace("&amp;", "&"))
    assert answer.status_code == 200


def test_the_list_says_what_it_is_narrowed_to(lives: list[str], bob_browser: Client) -> None:
    url = list_of(kind_named("incident"), {}, course("states", "step", "resolved~in_progress"))

    page = bob_browser.get(url).content.decode()

    assert "Resolved → In progress" in page
    assert lives[3] in page
    assert lives[0] not in page


@pytest.mark.parametrize("wanted", ["", "nonsense", "states.fly.new", "stars.step.a~b", "states"])
def test_a_course_that_is_none_is_refused_in_a_sentence(bob: Person, wanted: str) -> None:
    if not wanted:
        assert Listing(kind_named("incident"), bob, {"mined": [wanted]}).count() == 0
        return
    with pytest.raises(InvalidFacts, match="is no course of records"):
        Listing(kind_named("incident"), bob, {"mined": [wanted]})


def test_who_may_not_read_all_finds_no_page_and_no_filter(
    lives: list[str], eve_browser: Client, carol_browser: Client, carol: Person, nobody_browser: Client
) -> None:
    assert eve_browser.get("/evaluation/mining/").status_code == 404
    assert carol_browser.get("/evaluation/mining/").status_code == 404
    assert nobody_browser.get("/evaluation/mining/").status_code == 302
    with pytest.raises(InvalidFacts, match="There is no filter"):
        Listing(kind_named("incident"), carol, {"mined": ["states.activity.new"]})


def test_odd_addresses_are_answered_politely(lives: list[str], bob_browser: Client) -> None:
    for query in (
        "kind=cat", "by=stars", "activities=-5&paths=900", "period=custom&from=x", "paths=0&activities=0", "team=none",
        "kind=person", "kind=team", "priority=9", "service=SVC-999999", "page=99999999999999999999", "activities=٣",
    ):  # fmt: skip
        answer = bob_browser.get(f"/evaluation/mining/?{query}")
        assert answer.status_code == (404 if query.startswith("kind=") else 200), query
    assert bob_browser.get("/evaluation/mining/variants/?period=all&page=9999").status_code == 200


def test_an_empty_period_says_so(bob_browser: Client, bob: Person) -> None:
    page = bob_browser.get("/evaluation/mining/").content.decode()
    assert "Nothing happened here" in page


def test_the_page_needs_the_same_queries_however_many_records(
    lives: list[str], bob: Person, bob_browser: Client, django_assert_num_queries: Any
) -> None:
    bob_browser.get("/evaluation/mining/?period=all")
    with django_assert_num_queries(QUERIES):
        bob_browser.get("/evaluation/mining/?period=all")
    make_lives(bob)
    bob_browser.get("/evaluation/mining/?period=all")
    with django_assert_num_queries(QUERIES):
        bob_browser.get("/evaluation/mining/?period=all")


QUERIES = 8


def test_without_the_extra_the_page_says_what_to_install(bob_browser: Client, bob: Person, monkeypatch: Any) -> None:
    from gnomon.evaluation.mining import columns

    monkeypatch.setattr(columns, "find_spec", lambda _name: None)

    answer = bob_browser.get("/evaluation/mining/")

    assert answer.status_code == 503
    assert "pip install" in answer.content.decode()
    with pytest.raises(InvalidFacts, match="pip install"):
        Listing(kind_named("incident"), bob, {"mined": ["states.activity.new"]})
    assert bob_browser.get("/resolution/incidents/").status_code == 200
