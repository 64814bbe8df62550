"""How many times a page asks the database: the same for few records as for many, and known to the number.

A change here is a change of speed at a million records; look at what asks, then at whether it must.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import a_person, a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.organization.actions import make_token
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.views import refreshing

pytestmark = pytest.mark.django_db

# Two of each page are for the session and its person, one for the bell; one of each call is for the token.
LIST_PAGE = 17
LIST_PAGE_OPENED_AGAIN = 13
LIST_REFRESH_UNCHANGED = 2
RECORD_PAGE = 34
RECORD_PAGE_OF_REQUESTER = 22
HISTORY_PAGE = 11
REST_LIST = 3
REST_RECORD = 2
REST_CREATE = 7  # the rules are known from the time before
REST_TWO_MOVES = 15
EXPORT = 4


def queries(ask, *arguments, **more):
    """What an answer asked the database, once everything that is remembered is remembered."""
    ask(*arguments, **more)
    with CaptureQueriesContext(connection) as captured:
        answer = ask(*arguments, **more)
        if getattr(answer, "streaming", False):
            b"".join(answer.streaming_content)
    assert answer.status_code < 400, answer
    return [query["sql"] for query in captured.captured_queries if not _is_savepoint(query["sql"])]


def _is_savepoint(sql):
    return sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))


def many(count, **facts):
    """Incidents that each refer to a service, a team and people of their own."""
    made = []
    for n in range(count):
        person = a_person(f"Person {n} {count}")
        made.append(
            an_incident(
                f"Case {n}",
                service=a_service(f"S{n}"),
                team=a_team(f"T{n}"),
                assignee=person,
                requester=person,
                owner=person,
                impact=1,
                urgency=1,
                **facts,
            )
        )
    return made


def counted(ask, *arguments):
    """The number of queries with five and with fifty records behind the page."""
    many(5)
    few = queries(ask, *arguments)
    many(45)
    lots = queries(ask, *arguments)
    assert len(few) == len(lots), [sql for sql in lots if sql not in few]
    return len(lots)


def test_the_list_page(bob_browser):
    def drawn_anew(path):
        refreshing.forget_rows()
        return bob_browser.get(path)

    assert counted(drawn_anew, "/resolution/incidents/") == LIST_PAGE


def test_the_list_page_opened_again(bob_browser):
    assert counted(bob_browser.get, "/resolution/incidents/") == LIST_PAGE_OPENED_AGAIN


def test_live_refresh_of_an_unchanged_list(bob_browser):
    many(3)
    tag = bob_browser.get("/resolution/incidents/")["ETag"]
    ask = {"headers": {"HX-Request": "true", "HX-Target": "rows", "If-None-Match": tag}}
    assert len(queries(bob_browser.get, "/resolution/incidents/", **ask)) == LIST_REFRESH_UNCHANGED


@pytest.fixture
def eventful(bob, carol):
    """An incident on which much has happened; `more()` makes more happen."""
    incident = an_incident(requester=carol, service=a_service(), team=a_team())

    def more(times):
        for n in range(times):
            who = a_person(f"Somebody {incident.version}")
            actions.comment(incident, f"Word {n}", by=bob)
            actions.link(incident, an_incident(f"Other {n}", by=bob), "related", by=bob)
            actions.join(incident, who, "watcher", by=bob)
            actions.change(incident, by=bob, team=a_team(f"Team {incident.version}"), assignee=who)

    incident.more = more
    return incident


def counted_on(incident, ask, *arguments):
    incident.more(2)
    few = queries(ask, *arguments)
    incident.more(7)
    lots = queries(ask, *arguments)
    assert len(few) == len(lots), [sql for sql in lots if sql not in few]
    return len(lots)


def test_the_record_page(eventful, bob_browser):
    assert counted_on(eventful, bob_browser.get, eventful.get_absolute_url()) == RECORD_PAGE


def test_the_record_page_of_its_requester(eventful, carol_browser):
    assert counted_on(eventful, carol_browser.get, eventful.get_absolute_url()) == RECORD_PAGE_OF_REQUESTER


def test_the_history_page(eventful, bob_browser):
    assert counted_on(eventful, bob_browser.get, f"{eventful.get_absolute_url()}/history") == HISTORY_PAGE


@pytest.fixture
def program(bob):
    _token, secret = make_token(bob, name="test", by=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_the_list_by_rest(program):
    assert counted(program.get, "/api/v1/incidents?limit=100") == REST_LIST


def test_a_record_by_rest(eventful, program):
    assert counted_on(eventful, program.get, f"/api/v1/incidents/{eventful.number}") == REST_RECORD


def test_recording_by_rest(program):
    body = '{"title": "No mail", "impact": 1, "urgency": 1}'
    many(1)
    program.post("/api/v1/incidents", body, content_type="application/json")
    asked = queries(program.post, "/api/v1/incidents", body, content_type="application/json")
    assert len(asked) == REST_CREATE


def test_moving_by_rest(eventful, program):
    eventful.more(2)

    def wait_and_resume():
        program.post(f"/api/v1/incidents/{eventful.number}/moves/resume", "{}", content_type="application/json")
        return program.post(
            f"/api/v1/incidents/{eventful.number}/moves/wait",
            '{"waiting_reason": "user"}',
            content_type="application/json",
        )

    few = queries(wait_and_resume)
    eventful.more(8)
    assert len(queries(wait_and_resume)) == len(few) == REST_TWO_MOVES


def test_an_export(bob_browser):
    assert counted(bob_browser.get, "/resolution/incidents/export.csv") == EXPORT
