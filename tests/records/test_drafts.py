"""Drafts: kept for whoever typed them and for nobody else, and told when they have become old."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.drafts import KEPT_FOR, MOST, forget_drafts, keep_draft
from gnomon.records.models import Draft

pytestmark = pytest.mark.django_db
PLACE = "/resolution/incidents/INC-000001:/resolution/incidents/INC-000001/comment"


def keep(browser, values, place=PLACE, version=1):
    body = json.dumps({"place": place, "values": values, "version": version})
    return browser.post("/drafts", body, content_type="application/json")


def kept(browser, place=PLACE):
    return browser.get("/drafts", {"place": place}).json()


def test_a_draft_follows_its_writer_to_another_browser(bob, sign_in):
    assert keep(sign_in(bob), {"text": "Half a 句子", "internal": ["on"]}).status_code == 204
    told = kept(sign_in(bob))
    assert (told["values"], told["version"]) == ({"text": "Half a 句子", "internal": ["on"]}, 1)


def test_nobody_else_reads_it(bob_browser, carol_browser, eve_browser, nobody_browser):
    keep(bob_browser, {"text": "Mine"})
    assert kept(carol_browser) == kept(eve_browser) == {}
    assert nobody_browser.get("/drafts", {"place": PLACE}).status_code == 302
    keep(carol_browser, {})
    assert kept(bob_browser)["values"] == {"text": "Mine"}


def test_an_emptied_draft_is_gone(bob_browser):
    keep(bob_browser, {"text": "One"})
    keep(bob_browser, {"text": "Two"})
    assert kept(bob_browser)["values"] == {"text": "Two"}
    assert keep(bob_browser, {}).status_code == 204
    assert not Draft.objects.exists()


def test_old_drafts_are_let_go_and_one_person_keeps_so_many(bob, bob_browser):
    for n in range(MOST + 3):
        keep_draft(bob, f"place {n}", {"text": "x"})
    assert Draft.objects.count() == MOST
    keep(bob_browser, {"text": "Old"})
    Draft.objects.update(saved_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert kept(bob_browser) == {}
    forget_drafts()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", "{", '{"place": 1, "values": {}}', '{"place": "x"}', '{"place": "x", "values": []}',
        '{"place": "x", "values": {"t": "\\u0000"}}', '{"place": "x", "values": {"t": "\\ud800"}}',
        '{"place": "x", "values": {"t": 1}, "version": -1}', '{"place": "x", "values": {"t": 1}, "version": "1"}',
        json.dumps({"place": "y" * 500, "values": {"t": "x"}}),
        json.dumps({"place": "x", "values": {"t": "x" * 500_000}}), "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused_in_a_sentence(bob_browser, body):
    answer = bob_browser.post("/drafts", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["says"].endswith(".")
    assert not Draft.objects.exists()


def test_a_strangers_page_cannot_write_drafts(bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    assert keep(browser, {"text": "Forged"}).status_code == 403


def test_a_writer_is_shown_what_changed_since_they_began(bob, alice, bob_browser, carol, carol_browser):
    incident = an_incident("No mail", by=bob, requester=carol)
    seen = incident.version
    actions.comment(incident, "It is the switch", by=alice)
    actions.comment(incident, "Blame the network", by=alice, internal=True)
    place = f"{incident.get_absolute_url()}/timeline/since/{seen}"
    html = bob_browser.get(place).content.decode()
    assert "It is the switch" in html
    assert "Recorded" not in html
    assert "Blame the network" not in carol_browser.get(place).content.decode()
    assert bob_browser.get(f"{incident.get_absolute_url()}/timeline/since/99999999999").status_code == 404
