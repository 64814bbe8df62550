"""Pages that refresh themselves: nothing new is cheap, what is new is sent, and to nobody who may not have it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import a_person, a_team
from tests.resolution.makers import an_incident

from gnomon.organization.kinds import PERSON
from gnomon.records import actions, watching
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"
ROWS = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture(autouse=True)
def _no_minute_passes(monkeypatch):
    monkeypatch.setattr(watching, "SLOT", 10**10)


def tag_of(browser, path=LIST):
    return browser.get(path)["ETag"]


def ask(browser, tag, path=LIST):
    return browser.get(path, headers=ROWS | {"If-None-Match": tag})


def test_what_happens_beyond_the_page_is_nothing_new_under_a_new_tag(bob, bob_browser):
    an_incident("Shown", category="mail")
    beyond = an_incident("Beyond", category="vpn")
    path = f"{LIST}?category=mail"
    tag = tag_of(bob_browser, path)
    actions.change(beyond, by=bob, subcategory="client")
    answer = ask(bob_browser, tag, path)
    assert answer.status_code == 304
    assert answer["ETag"] != tag
    assert ask(bob_browser, answer["ETag"], path).status_code == 304


def test_watchers_of_the_same_list_get_the_same_rows_with_tokens_of_their_own(bob, bob_browser, sign_in):
    incident = an_incident("Shared")
    lin_browser = sign_in(a_person("Lin Hart", roles=["agent"]))
    tags = tag_of(bob_browser), tag_of(lin_browser)
    actions.change(incident, by=SYSTEM, title="Shared by many")
    first, second = ask(bob_browser, tags[0]), ask(lin_browser, tags[1])
    token = 'name="csrfmiddlewaretoken" value="'
    bare = [answer.content.decode().partition(token) for answer in (first, second)]
    assert bare[0][0] == bare[1][0]
    assert "Shared by many" in bare[0][2]
    assert bare[0][2][:64] != bare[1][2][:64]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = lin_browser.cookies
    sent = {"csrfmiddlewaretoken": bare[1][2][:64], "number": incident.number, "move": "start"}
    assert strict.post(f"{LIST}bulk", sent).status_code == 200


def test_what_was_kept_for_one_is_not_shown_to_another_who_sees_less(bob, carol, bob_browser, carol_browser):
    theirs = an_incident("Not for Carol")
    tags = tag_of(bob_browser), tag_of(carol_browser)
    actions.change(theirs, by=bob, title="Still not for Carol")
    assert "Still not" in ask(bob_browser, tags[0]).content.decode()
    assert "Still not" not in ask(carol_browser, tags[1]).content.decode()


def test_a_list_opened_again_is_not_drawn_again_until_something_happens(bob, bob_browser):
    incident = an_incident("Opened by many", team=a_team("Night desk"))
    first = bob_browser.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as asked:
        again = bob_browser.get(LIST).content.decode()
    assert "Opened by many" in again
    assert not [one for one in asked.captured_queries if "resolution_incident" in one["sql"]]
    # Each has a token of their own request, and all else is the same.
    assert first.split("<tbody>")[1].split("</tbody>")[0] == again.split("<tbody>")[1].split("</tbody>")[0]
    actions.change(incident, by=bob, title="Opened and changed")
    assert "Opened and changed" in bob_browser.get(LIST).content.decode()


def test_a_list_opened_again_names_a_team_as_it_is_called_now(bob_browser):
    team = a_team("Night desk")
    an_incident("Of a team", team=team)
    assert "Night desk" in bob_browser.get(LIST).content.decode()
    actions.change(team, by=SYSTEM, title="Early birds")
    rows = bob_browser.get(LIST).content.decode().partition("<tbody>")[2]
    assert "Early birds" in rows
    assert "Night desk" not in rows


def test_my_list_is_mine(bob, bob_browser, sign_in):
    lin = a_person("Lin Hart", roles=["agent"])
    an_incident("Of Bob", assignee=bob)
    an_incident("Of Lin", assignee=lin)
    path = f"{LIST}?assignee=me"
    for browser, own, other in ((bob_browser, "Of Bob", "Of Lin"), (sign_in(lin), "Of Lin", "Of Bob")):
        rows = browser.get(path, headers=ROWS).content.decode()
        assert (own in rows, other in rows) == (True, False)


def test_whoever_is_signed_out_or_has_left_hears_nothing_more(bob, bob_browser, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: now[0])
    an_incident("Slow")
    tag = tag_of(bob_browser)
    assert ask(bob_browser, tag).status_code == 304
    actions.move(bob, next(m.name for m in PERSON.workflow.moves_from(bob.status)), by=SYSTEM, because="Left")
    now[0] += watching.TRUSTED_FOR
    assert ask(bob_browser, tag).status_code == 401
    actions.change(an_incident("New"), by=SYSTEM, category="vpn")
    assert ask(bob_browser, tag).status_code == 401


def test_a_tag_of_somebody_else_is_no_way_in(bob_browser, nobody_browser):
    an_incident("Slow")
    tag = tag_of(bob_browser)
    ask(bob_browser, tag)
    assert ask(nobody_browser, tag).status_code == 401
