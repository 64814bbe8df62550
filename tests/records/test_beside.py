"""List and record side by side, and taking a record from the list."""

from __future__ import annotations

import pytest
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"


def test_a_record_stands_beside_its_list_by_a_plain_link(bob_browser):
    first, second = an_incident("Printer"), an_incident("Mail", description="It bounces")
    page = bob_browser.get(f"{LIST}?phase=unresolved&record={second.number}")
    shown = page.content.decode()
    assert "It bounces" in shown
    assert first.number in shown
    assert f'data-live="{second.get_absolute_url()}' in shown  # live in both halves
    assert page.context["whole_url"] == f"{LIST}?phase=unresolved"
    assert shown.count("<html") == shown.count("<h1") == 1
    assert "record=" not in page.context["live_url"]


@pytest.mark.parametrize("number", ["INC-999999", "nonsense", "%00", "PER-000001"])
def test_a_record_that_is_not_there_leaves_the_list_alone(bob_browser, number):
    an_incident("Printer")
    page = bob_browser.get(LIST, {"record": number})
    assert (page.status_code, page.context["split"]) == (200, False)


def test_nobody_sees_beside_a_list_what_they_may_not_see(carol, carol_browser, eve_browser):
    mine, other = an_incident("Mine", requester=carol), an_incident("Hidden")
    assert "Hidden" not in carol_browser.get(f"{LIST}?record={other.number}").content.decode()
    assert carol_browser.get(f"{LIST}?record={mine.number}").context["split"]
    assert "Mine" not in eve_browser.get(f"{LIST}?record={mine.number}").content.decode()


def test_only_the_record_is_sent_for_the_pane(bob_browser):
    found = an_incident("Printer")
    page = bob_browser.get(found.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "pane"})
    shown = page.content.decode()
    assert ("<html" in shown, f'data-record="{found.number}"' in shown, "Printer" in shown) == (False, True, True)


def take(browser, incident, version=None):
    return browser.post(
        f"{incident.get_absolute_url()}/take", {"expect": version or incident.version},
        headers={"Accept": "application/json"},
    )  # fmt: skip


def test_a_record_is_taken_by_whoever_asks(bob, bob_browser):
    incident = an_incident()
    assert take(bob_browser, incident).status_code == 204
    incident.refresh_from_db()
    assert (incident.assignee, incident.version) == (bob, 2)
    assert take(bob_browser, incident).status_code == 204  # again changes nothing
    incident.refresh_from_db()
    assert incident.version == 2


def test_whoever_takes_what_somebody_has_changed_is_told(bob_browser, alice):
    incident = an_incident()
    actions.change(incident, by=alice, assignee=alice)
    answer = take(bob_browser, incident, version=1)
    assert (answer.status_code, "changed by somebody else" in answer.json()["says"]) == (409, True)
    incident.refresh_from_db()
    assert incident.assignee == alice


def test_taking_is_for_those_who_may_change_it(carol, carol_browser, dave_browser, eve_browser):
    incident = an_incident(requester=carol, by=SYSTEM)
    assert take(carol_browser, incident).status_code == 403
    assert take(dave_browser, incident).status_code == 403
    assert take(eve_browser, incident).status_code == 404
    assert carol_browser.get(f"{incident.get_absolute_url()}/take").status_code == 405
