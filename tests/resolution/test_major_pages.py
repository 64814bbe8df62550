"""The page of a major incident: live, all on it for staff, and only what is published for requesters (8.6.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation
from tests.resolution.makers import an_incident
from tests.resolution.test_majors import criteria, declare, notice

from gnomon.governance.models import Message, Receipt
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.resolution import reminders
from gnomon.resolution.models import CustomerNotice, Incident, IncidentTask, MajorIncident, MajorIncidentReview

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


@pytest.fixture
def outage(bob: Person, alice: Person, carol: Person) -> Incident:
    """Declared major by Bob, under Alice."""
    incident = an_incident("No mail", requester=carol)
    declare(incident, by=bob, manager=alice)
    return incident


def page_of(incident: Incident) -> str:
    return f"{incident.get_absolute_url()}/major"


def test_an_incident_that_meets_the_criteria_asks_to_be_declared(
    bob: Person, bob_browser: Client, dave_browser: Client
) -> None:
    criteria()
    incident = an_incident(impact=1, urgency=1)
    assert "meets the major incident criteria" in bob_browser.get(incident.get_absolute_url()).content.decode()
    assert "meets the major incident criteria" not in dave_browser.get(incident.get_absolute_url()).content.decode()
    form = bob_browser.get(f"/resolution/major-incidents/new?incident={incident.number}")
    assert incident.number in form.content.decode()


def test_everything_is_done_from_its_page(outage: Incident, bob: Person, alice: Person, bob_browser: Client) -> None:
    here = page_of(outage)
    assert "No mail for anybody" in bob_browser.get(here).content.decode()
    assert bob_browser.post(f"{here}/say", {"text": "Broker is out of disk"}).status_code == 302
    assert bob_browser.post(f"{here}/task", {"title": "Add a volume", "owner": alice.number}).status_code == 302
    task = IncidentTask.objects.get()
    bob_browser.post(f"{here}/notice", {"title": "Mail is down", "text_en": "We know.", "publish": "1"})
    bob_browser.post(f"{here}/notice", {"title": "Mail is down", "text_zh": "草稿", "text_en": ""})
    page = bob_browser.get(here).content.decode()
    for words in ("Broker is out of disk", "Add a volume", "We know.", "Drafts", "English only"):
        assert words in page, words
    bob_browser.post(f"{here}/task-move", {"task": task.number, "move": "finish"})
    task.refresh_from_db()
    assert task.status == "done"
    assert sorted(CustomerNotice.objects.values_list("status", flat=True)) == ["drafted", "published"]


def test_what_is_missing_is_said_and_nothing_is_lost(outage: Incident, bob_browser: Client) -> None:
    here = page_of(outage)
    answer = bob_browser.post(f"{here}/notice", {"title": "Kept heading", "text_en": " ", "publish": "1"})
    assert answer.status_code == 422
    assert "There is nothing to publish" in answer.content.decode()
    assert "Kept heading" in answer.content.decode()
    assert not CustomerNotice.objects.exists()
    assert bob_browser.post(f"{here}/task", {"title": "", "owner": "nobody"}).status_code == 422
    assert bob_browser.post(f"{here}/say", {"text": " "}).status_code == 422


def test_another_persons_change_shows_by_itself(
    outage: Incident, bob: Person, alice: Person, bob_browser: Client
) -> None:
    here = page_of(outage)
    tag = bob_browser.get(here)["ETag"]
    asked = {"HX-Request": "true", "HX-Target": "live", "If-None-Match": tag}
    quiet = bob_browser.get(here, headers=asked)
    assert quiet.status_code == 304 or quiet["ETag"] != tag  # the minute may have turned
    actions.record(IncidentTask().kind, by=alice, title="Ring the supplier", incident=outage)
    fresh = bob_browser.get(here, headers=asked)
    assert fresh.status_code == 200
    assert "Ring the supplier" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()


def test_requesters_read_only_what_is_published(
    outage: Incident, bob: Person, carol_browser: Client, eve_browser: Client
) -> None:
    here = page_of(outage)
    assert carol_browser.get(here).status_code == 404
    notice(outage, by=bob, title="Mail is down")
    actions.comment(outage, "Blame the supplier", by=bob, internal=True)
    page = carol_browser.get(here).content.decode()
    assert "We work on it." in page
    for hidden in ("No mail for anybody", "Blame the supplier", "Alice", "MAJ-"):
        assert hidden not in page
    assert "We work on it." in carol_browser.get(outage.get_absolute_url()).content.decode()
    assert "Mail is down" in carol_browser.get("/").content.decode()
    assert eve_browser.get(here).status_code == 404
    for place in ("say", "task", "task-move", "notice", "review"):
        assert carol_browser.post(f"{here}/{place}", {"text": "x", "title": "x"}).status_code in {403, 404}, place
    with translation.override("zh-hans"):
        assert "正在处理。" in carol_browser.get(here, headers={"Accept-Language": "zh-hans"}).content.decode()


def test_home_tells_staff_of_current_ones(outage: Incident, bob_browser: Client, dave_browser: Client) -> None:
    for browser in (bob_browser, dave_browser):
        page = browser.get("/").content.decode()
        assert "No mail for anybody" in page
        assert page_of(outage) in page


def test_the_review_begins_with_the_facts_and_only_once(outage: Incident, alice: Person, alice_browser: Client) -> None:
    notice(outage, by=alice)
    actions.move(outage, "resolve", by=alice, resolution="Disk cleared", closure_code="solved")
    for _time in range(2):
        answer = alice_browser.post(f"{page_of(outage)}/review")
        assert answer.status_code == 302
    review = MajorIncidentReview.objects.get()
    assert review.get_absolute_url() == answer["Location"]
    for fact in ("Situation: No mail for anybody", "Resolution: Disk cleared", "Manager: Alice Chen", "Mail is down"):
        assert fact in review.report


def test_an_overdue_update_is_told_once_for_each_time_it_is_due(outage: Incident, alice: Person, bob: Person) -> None:
    major = MajorIncident.objects.get()
    assert major.next_update_due_at is not None
    later = major.next_update_due_at + timedelta(minutes=1)
    assert reminders.sweep(major.next_update_due_at - timedelta(seconds=1)) == 0
    assert [reminders.sweep(later), reminders.sweep(later)] == [1, 0]
    told = Receipt.objects.filter(message__what="major.update_overdue")
    assert list(told.values_list("person", flat=True)) == [alice.number]
    actions.change(major, by=bob, next_update_due_at=datetime.now(UTC))
    assert reminders.sweep(datetime.now(UTC) + timedelta(minutes=2)) == 1
    assert LedgerEntry.objects.filter(verb="major_incident:reminded").count() == 2


def test_requesters_who_wait_are_told_what_was_published(outage: Incident, bob: Person, carol: Person) -> None:
    published = notice(outage, by=bob)
    reminders.tell_customers(published.number)
    reminders.tell_customers(published.number)
    message = Message.objects.get(what="major.published")
    assert (str(message), message.text) == ("Mail is down", "We work on it.\n\n正在处理。")
    assert Receipt.objects.filter(message=message, person=carol.number).count() == 1
