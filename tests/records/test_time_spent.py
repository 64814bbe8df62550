"""Time that people spend: an entry each, countered and never altered, and one sum at every door."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.resolution.makers import an_incident
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.organization.models import AccessToken
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actions.spending import spend, take_time_back
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.queries.spending import time_spent
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed
from gnomon.resolution.models import Incident
from gnomon.resolution.time import rebuild_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(bob, carol):
    return an_incident("No mail", by=bob, requester=carol)


def here(incident, place=""):
    return f"{incident.get_absolute_url()}{place}"


def total(incident):
    return Incident.objects.get(pk=incident.pk).minutes_spent


def test_entries_add_up_and_a_counter_entry_takes_one_back(incident, bob, alice):
    spend(incident, 25, by=bob, text="Called the supplier")
    wrong = spend(incident, 600, by=bob)
    spend(incident, 40, by=alice)
    take_time_back(incident, wrong.version, by=bob, because="A zero too many")
    # 25 + 600 + 40 - 600
    assert total(incident) == 65
    assert [one.minutes for one in time_spent(incident)] == [-600, 40, 600, 25]
    assert history(incident)[-1].because == "A zero too many"
    assert verify_ledger().whole


def test_the_sum_is_rebuilt_from_the_ledger(incident, bob):
    spend(incident, 25, by=bob)
    Incident.objects.update(minutes_spent=999)
    rebuild_time([Incident.objects.get()])
    assert total(incident) == 25


def test_what_is_right_already_is_not_written_again(incident, bob, django_assert_num_queries):
    spend(incident, 25, by=bob)
    told = [Incident.objects.get()]
    with django_assert_num_queries(1):  # the entries that tell of time
        rebuild_time(told)


@pytest.mark.parametrize("minutes", [0, -5, 1441, 2**70, 1.5, True, "30", None])
def test_minutes_that_are_none_are_refused(incident, bob, minutes):
    with pytest.raises(InvalidFacts) as refused:
        spend(incident, minutes, by=bob)
    assert "from 1 to 1440" in refused.value.fields["minutes"]
    assert len(history(incident)) == 1


def test_days_to_come_and_days_long_past_are_refused(incident, bob):
    for day in (timezone.localdate() + timedelta(days=3), date(1970, 1, 1), date.max):
        with pytest.raises(InvalidFacts, match="not more than a year ago"):
            spend(incident, 5, by=bob, on=day)
    assert spend(incident, 5, by=bob, on=timezone.localdate() - timedelta(days=300))


@pytest.mark.parametrize("text", ["x" * 1001, "a\x00b", "\ud800"])
def test_notes_that_cannot_be_kept_are_refused(incident, bob, text):
    with pytest.raises(InvalidFacts):
        spend(incident, 5, by=bob, text=text)


def test_time_is_taken_back_once_and_a_counter_entry_never(incident, bob):
    entry = spend(incident, 10, by=bob)
    counter = take_time_back(incident, entry.version, by=bob)
    with pytest.raises(MoveRefused, match="taken back already"):
        take_time_back(incident, entry.version, by=bob)
    for version in (counter.version, 1, 99, -1, 2**40):
        with pytest.raises(InvalidFacts, match="no entry of time"):
            take_time_back(incident, version, by=bob)
    assert total(incident) == 0


def test_others_time_is_taken_back_only_by_those_who_may_change_the_record(incident, bob, dave):
    audited = spend(incident, 10, by=dave)
    own = spend(incident, 10, by=bob)
    with pytest.raises(NotAllowed):
        take_time_back(incident, own.version, by=dave)
    take_time_back(incident, audited.version, by=bob)


def test_requesters_neither_tell_nor_learn_of_time(incident, bob, carol, carol_browser):
    entry = spend(incident, 25, by=bob, text="Looked for her mistake")
    with pytest.raises(NotAllowed):
        spend(incident, 5, by=carol)
    assert "Looked for her mistake" not in carol_browser.get(here(incident)).content.decode()
    assert carol_browser.get(here(incident, "/time")).status_code == 404
    assert carol_browser.post(here(incident, f"/time/{entry.version}/undo")).status_code == 404
    client = program(carol)
    assert client.get(f"/api/v1/incidents/{incident.number}/time").status_code == 404
    assert "minutes_spent" not in client.get(f"/api/v1/incidents/{incident.number}").json()


def program(person):
    _token, secret = make_token(person, name=f"test {AccessToken.objects.count()}", by=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_page_rest_command_list_and_export_tell_the_same_sum(incident, bob, sign_in, olga):
    browser, client = sign_in(bob), program(bob)
    root = f"/api/v1/incidents/{incident.number}/time"
    browser.post(here(incident, "/time"), {"minutes": "90", "on": timezone.localdate().isoformat(), "text": "On site"})
    sent = {"minutes": 20, "text": "By phone"}
    assert client.post(root, json.dumps(sent), content_type="application/json").status_code == 201
    run = CliRunner().invoke(application(), ["spend", incident.number, "10", "Wrote it up", "--as", "bob"])
    assert run.exit_code == 0
    # 90 + 20 + 10
    assert "2 h" in browser.get(here(incident)).content.decode()
    assert client.get(root).json()["minutes"] == 120
    listed = CliRunner().invoke(application(), ["time", incident.number, "--json", "--as", "bob"])
    assert json.loads(listed.output)["minutes"] == 120
    assert client.get(f"/api/v1/incidents/{incident.number}").json()["minutes_spent"] == 120
    assert "120" in browser.get("/resolution/incidents/?columns=minutes_spent").content.decode()
    export = sign_in(olga).get("/resolution/incidents/export.csv?columns=title&columns=minutes_spent")
    assert "No mail,120" in b"".join(export.streaming_content).decode()


def test_bad_time_by_rest_and_by_page_gets_a_sentence(incident, bob, bob_browser):
    client, root = program(bob), f"/api/v1/incidents/{incident.number}/time"
    for sent in (
        {"minutes": "30"},
        {"minutes": 0},
        {},
        {"minutes": 5, "on": "yesterday"},
        {"minutes": 5, "on": "2999-01-01"},
    ):
        answer = client.post(root, json.dumps(sent), content_type="application/json")
        assert answer.status_code == 422, sent
        assert answer.json()["detail"]
    assert client.post(f"{root}/x/undo").status_code == 422
    page = bob_browser.post(here(incident, "/time"), {"minutes": "a lot", "on": "", "text": "Kept words"})
    assert page.status_code == 422
    assert "Kept words" in page.content.decode()
    assert len(history(incident)) == 1


def test_a_note_on_time_stands_in_the_timeline_of_staff(incident, bob, bob_browser):
    actions.comment(incident, "Hello", by=bob)
    spend(incident, 45, by=bob, text="Swapped the disk")
    shown = bob_browser.get(here(incident, "?show=time")).content.decode()
    assert "Swapped the disk" in shown
    assert "45 min" in shown
    assert "Hello" not in shown
