"""REST tells requesters what their page tells them, and no more."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.resolution.makers import an_incident

from gnomon.organization.actions import make_token
from gnomon.organization.models import AccessToken
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
STAFF_ONLY = ("subcategory", "source", "external_number", "reassignment_count", "sla", "escalated_at", "owner")


def program(person):
    _token, secret = make_token(person, name=f"test {AccessToken.objects.count()}", by=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def incident(bob, carol):
    return an_incident("No mail", by=bob, requester=carol, subcategory="Toner war")


def test_a_record_and_a_list_hold_the_same_fields_and_none_among_staff(incident, bob, carol):
    record = program(carol).get(f"/api/v1/incidents/{incident.number}").json()
    listed = program(carol).get("/api/v1/incidents").json()["records"][0]
    assert record == listed
    assert record["title"] == "No mail"
    assert record.keys().isdisjoint(STAFF_ONLY)
    assert program(bob).get(f"/api/v1/incidents/{incident.number}").json()["subcategory"] == "Toner war"


@pytest.mark.parametrize("query", ["subcategory=Toner war", "sort=subcategory", "external_number.is=filled"])
def test_nobody_guesses_by_filtering_what_they_are_not_told(incident, carol, carol_browser, bob_browser, query):
    assert program(carol).get(f"/api/v1/incidents?{query}").status_code == 422
    assert carol_browser.get(f"/resolution/incidents/?{query}").status_code == 400
    assert bob_browser.get(f"/resolution/incidents/?{query}").status_code == 200


def test_a_column_among_staff_is_not_shown_in_a_requesters_list(incident, carol_browser, bob_browser):
    assert "Toner war" in bob_browser.get("/resolution/incidents/?columns=subcategory").content.decode()
    assert "Toner war" not in carol_browser.get("/resolution/incidents/?columns=subcategory").content.decode()


def test_a_move_that_came_too_late_tells_only_what_the_mover_may_know(incident, bob, carol):
    actions.move(incident, "resolve", by=bob, resolution="Restarted", closure_code="solved")
    seen = incident.version
    actions.change(incident, by=bob, subcategory="Feud", urgency=1)
    refused = program(carol).post(
        f"/api/v1/incidents/{incident.number}/moves/close", {"expect": seen}, content_type="application/json"
    )
    assert refused.status_code == 409
    assert "urgency" in refused.json()["changed"]
    assert "subcategory" not in refused.json()["changed"]


def test_a_condition_that_no_longer_holds_tells_a_requester_only_what_they_are_told(incident, bob, carol):
    actions.change(incident, by=bob, subcategory="Her printer again", category="mail")
    path = f"/api/v1/incidents/{incident.number}/comments"
    answer = program(carol).post(path, {"text": "Hello"}, content_type="application/json", headers={"If-Match": "1"})
    assert answer.status_code == 412
    assert set(answer.json()["changed"]) == {"category"}
