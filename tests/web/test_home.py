"""Home shows what waits for a person, and the first of it; it refreshes itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
LIVE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "waiting"}


def mine(bob, title="Mail is slow"):
    return an_incident(title, assignee=bob, impact=2, urgency=2)


def test_the_first_of_what_waits_is_shown_with_the_number_of_the_whole_list(bob, bob_browser):
    for turn in range(8):
        mine(bob, f"Case {turn}")
    page = bob_browser.get("/")
    (glimpse,) = page.context["glimpses"]
    assert (len(glimpse.rows), glimpse.count) == (6, 8)  # six are shown of the eight that the list holds
    assert bob_browser.get(glimpse.work.url).context["total"] == 8
    assert glimpse.rows[0].number in page.content.decode()


def test_home_refreshes_when_something_happens_and_is_quiet_otherwise(bob, bob_browser):
    page = bob_browser.get("/")
    tag = page["ETag"]
    assert bob_browser.get("/", **LIVE, HTTP_IF_NONE_MATCH=tag).status_code == 304
    found = mine(bob)
    fresh = bob_browser.get("/", **LIVE, HTTP_IF_NONE_MATCH=tag)
    assert fresh.status_code == 200
    assert found.number in fresh.content.decode()
    assert "<html" not in fresh.content.decode()
    assert bob_browser.get("/", **LIVE, HTTP_IF_NONE_MATCH=fresh["ETag"]).status_code == 304


def test_what_is_done_leaves_home(bob, bob_browser):
    found = mine(bob)
    actions.move(found, "resolve", by=SYSTEM, resolution="Done", closure_code="solved")
    assert found.number not in bob_browser.get("/").content.decode()


def test_home_costs_the_same_with_one_row_and_with_six(bob, bob_browser):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            bob_browser.get("/")
        return len(asked)

    mine(bob)
    bob_browser.get("/")
    few = cost()
    for turn in range(9):
        mine(bob, f"Case {turn}")
    assert cost() <= few
