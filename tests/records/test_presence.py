"""Who is at a record now: seen by staff, cheap, and over when a page falls silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from tests.resolution.makers import an_incident

from gnomon.records import presence, watching
from gnomon.records.clockwork import forget_presence
from gnomon.records.models import LedgerEntry, Presence

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"
LIVE = {"HX-Request": "true", "HX-Target": "live"}
ROWS = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture(autouse=True)
def _no_minute_passes(monkeypatch):
    monkeypatch.setattr(watching, "SLOT", 10**10)


@pytest.fixture
def incident(bob):
    return an_incident("Slow", by=bob)


def editing(browser, incident):
    return browser.get(incident.get_absolute_url(), headers=LIVE | {"Gnomon-Editing": "true"})


def test_a_colleague_sees_who_looks_at_a_record_on_its_page_and_in_the_list(incident, bob_browser, alice_browser):
    page = incident.get_absolute_url()
    bob_browser.get(page)
    assert "Bob Reed also here" in alice_browser.get(page).content.decode()
    row = alice_browser.get(LIST).context["rows"][0]
    assert (row.others, row.edited) == (["Bob Reed"], False)
    assert bob_browser.get(LIST).context["rows"][0].others == ["Alice Chen"]  # of himself he is not told


def test_whoever_fills_a_form_is_seen_editing_beside_the_form_of_the_next(incident, bob_browser, alice_browser):
    page = incident.get_absolute_url()
    bob_browser.get(f"{page}/edit")
    assert "Bob Reed is editing this record now" in alice_browser.get(f"{page}/edit").content.decode()
    assert "Bob Reed is editing this record now" in alice_browser.get(f"{page}/start").content.decode()
    assert "Bob Reed is editing" in alice_browser.get(page).content.decode()
    assert alice_browser.get(LIST).context["rows"][0].edited
    bob_browser.get(page)  # he went back to looking
    assert "is editing" not in alice_browser.get(f"{page}/edit").content.decode()


def test_the_warning_comes_and_goes_while_the_form_is_open(incident, bob_browser, alice_browser):
    others = f"{incident.get_absolute_url()}/others"
    first = alice_browser.get(others, headers=LIVE)
    ask = LIVE | {"If-None-Match": first["ETag"]}
    assert alice_browser.get(others, headers=ask).status_code == 304
    editing(bob_browser, incident)
    assert "Bob Reed is editing" in alice_browser.get(others, headers=ask).content.decode()


def test_an_open_page_hears_at_once_that_somebody_came(incident, bob_browser, alice_browser):
    page = incident.get_absolute_url()
    tags = {where: alice_browser.get(where)["ETag"] for where in (page, LIST)}
    for where, target in ((page, LIVE), (LIST, ROWS)):
        assert alice_browser.get(where, headers=target | {"If-None-Match": tags[where]}).status_code == 304
    bob_browser.get(page)
    for where, target in ((page, LIVE), (LIST, ROWS)):
        answer = alice_browser.get(where, headers=target | {"If-None-Match": tags[where]})
        assert (answer.status_code, "Bob Reed" in answer.content.decode()) == (200, True)


def test_whoever_falls_silent_is_gone_within_half_a_minute(incident, bob, bob_browser, alice_browser):
    bob_browser.get(incident.get_absolute_url())
    Presence.objects.filter(person=bob.number).update(seen_at=timezone.now() - timedelta(seconds=31))
    assert "Bob Reed also here" not in alice_browser.get(incident.get_absolute_url()).content.decode()


def test_requesters_are_not_told_of_staff_nor_staff_of_requesters(carol, bob, bob_browser, carol_browser):
    mine = an_incident("Slow", requester=carol)
    bob_browser.get(f"{mine.get_absolute_url()}/edit")
    for page in (mine.get_absolute_url(), LIST, f"{mine.get_absolute_url()}/others"):
        assert "Bob Reed" not in carol_browser.get(page).content.decode()
    assert set(Presence.objects.values_list("person", flat=True)) == {bob.number}


def test_eve_is_not_told_and_not_noted(incident, eve_browser):
    assert eve_browser.get(f"{incident.get_absolute_url()}/others").status_code == 404
    assert not Presence.objects.exists()


def test_staying_is_written_once_in_twenty_seconds_and_never_to_the_ledger(incident, bob_browser, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(presence.time, "monotonic", lambda: now[0])
    entries = LedgerEntry.objects.count()
    written = []
    wrote = Presence.objects.bulk_create
    monkeypatch.setattr(Presence.objects, "bulk_create", lambda *a, **k: (written.append(now[0]), wrote(*a, **k)))
    for _turn in range(13):  # half a minute of questions
        bob_browser.get(incident.get_absolute_url(), headers=LIVE)
        now[0] += 2.5
    assert written == [1000.0, 1020.0]
    assert Presence.objects.count() == 1
    assert LedgerEntry.objects.count() == entries


def test_a_page_never_waits_for_another_writer_to_say_who_looks(incident, bob_browser, monkeypatch):
    def locked(*_rows, **_more):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(Presence.objects, "bulk_create", locked)
        assert bob_browser.get(incident.get_absolute_url()).status_code == 200
    bob_browser.get(incident.get_absolute_url())  # the next question says it
    assert Presence.objects.count() == 1


def test_what_was_said_long_ago_is_deleted(incident, bob_browser):
    bob_browser.get(incident.get_absolute_url())
    forget_presence()
    assert Presence.objects.count() == 1
    Presence.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    forget_presence()
    assert not Presence.objects.exists()
