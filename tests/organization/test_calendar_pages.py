"""Service hours shown as a week and by year, asked about a moment, and filled from a calendar file."""

from __future__ import annotations

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.queries import history

pytestmark = pytest.mark.django_db
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
FEED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261003
SUMMARY:国庆节
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261010
SUMMARY:国庆节补班
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def hours(db):
    facts = {"time_zone": "Asia/Shanghai", "week": WEEK, "closed": ["2026-10-01"]}
    return actions.record(WORK_CALENDAR, by=SYSTEM, title="Office hours", hours=facts)


def a_feed(text: str = FEED):
    return SimpleUploadedFile("days.ics", text.replace("\n", "\r\n").encode())


def test_the_page_shows_the_week_and_the_days_of_each_year(hours, bob_browser):
    page = bob_browser.get(hours.get_absolute_url())
    shown = page.context["hours"]
    # 9 of 24 hours are 37.5 percent of the day, and 9 hours long.
    assert [(day.words, day.stretches) for day in shown["week"]][:1] == [("09:00–18:00", [(37.5, 37.5)])]
    assert shown["week"][6].words == "rest day"
    assert [[f"{day:%m-%d}" for day in year.closed] for year in shown["years"] if year.year == 2026] == [["10-01"]]


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-09-30T10:00", "Inside."), ("2026-09-30T18:00", "Outside."), ("2026-10-01T10:00", "Outside."),
        ("2026-09-30T01:30Z", "Inside."),  # half past nine in Shanghai
        ("soon", "is no moment"), ("9999-99-99T00:00", "is no moment"), ("十点", "is no moment"),
    ],
)  # fmt: skip
def test_a_moment_is_inside_or_outside(hours, bob_browser, moment, says):
    page = bob_browser.get(hours.get_absolute_url(), {"moment": moment})
    assert page.status_code == 200
    assert says in page.content.decode()


def test_official_days_that_are_not_announced_are_not_guessed(bob_browser):
    facts = {"time_zone": "Asia/Shanghai", "week": WEEK, "holidays": "CN"}
    hours = actions.record(WORK_CALENDAR, by=SYSTEM, title="China", hours=facts)
    page = bob_browser.get(hours.get_absolute_url())
    told = {year.year: year.official for year in page.context["hours"]["years"]}
    assert told[2025] == "The official days are in."


def test_a_calendar_file_is_shown_first_and_then_put_in(hours, olga, olga_browser):
    place = f"{hours.get_absolute_url()}/feed"
    page = olga_browser.post(place, {"file": a_feed()})
    days = [(f"{day:%m-%d}", what, name) for day, what, name in page.context["found"]["days"]]
    assert days == [("10-02", "rest day", "国庆节"), ("10-10", "made up", "国庆节补班")]  # the first is known already
    hours.refresh_from_db()
    assert hours.version == 1
    sure = {"content": page.context["content"], "expect": 1, "sure": "1"}
    assert olga_browser.post(place, sure).status_code == 302
    hours.refresh_from_db()
    assert (hours.hours["closed"], hours.hours["open"]) == (["2026-10-01", "2026-10-02"], {"2026-10-10": None})
    assert history(hours)[-1].actor == olga.number
    assert olga_browser.post(place, {"file": a_feed()}).context["found"]["days"] == []


def test_two_people_at_once_are_told(hours, olga_browser):
    place = f"{hours.get_absolute_url()}/feed"
    content = olga_browser.post(place, {"file": a_feed()}).context["content"]
    actions.change(hours, by=SYSTEM, hours={**hours.hours, "closed": []})
    answer = olga_browser.post(place, {"content": content, "expect": 1, "sure": "1"})
    assert answer.status_code == 422
    assert "changed by somebody else" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [{}, {"content": "%%"}, {"content": base64.b64encode(b"\x00\x01").decode()},
     {"content": base64.b64encode(b"BEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT").decode()}],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_in_a_sentence(hours, olga_browser, sent):
    answer = olga_browser.post(f"{hours.get_absolute_url()}/feed", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_agents_look_and_do_not_fill(hours, bob_browser, carol_browser):
    assert bob_browser.get(f"{hours.get_absolute_url()}/feed").status_code == 403
    assert carol_browser.get(hours.get_absolute_url()).status_code == 404
