"""Service hours as records, read by version."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from gnomon.calendars.calendar import Calendar
from gnomon.organization import menu
from gnomon.organization.actions import prepare_organization, seed_calendars, seed_roles
from gnomon.organization.actions.setup import CHINA_OFFICE_HOURS, ROUND_THE_CLOCK
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.organization.models import Role, WorkCalendar
from gnomon.organization.queries import calendar_at, calendar_of
from gnomon.organization.roles import CODES
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]

WEEKDAYS = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "17:00"]]}}


def test_an_installation_begins_with_two_sets_of_hours_and_ten_roles_once():
    prepare_organization()
    prepare_organization()
    assert set(WorkCalendar.objects.values_list("title", flat=True)) == {ROUND_THE_CLOCK, CHINA_OFFICE_HOURS}
    assert list(Role.objects.order_by("id").values_list("code", flat=True)) == list(CODES)
    assert not seed_calendars()
    assert not seed_roles()


def test_round_the_clock_counts_every_second():
    seed_calendars()
    always = calendar_of(WorkCalendar.objects.get(title=ROUND_THE_CLOCK))
    start = datetime(2025, 1, 28, tzinfo=UTC)  # the eve of a Chinese new year
    assert always.between(start, start + timedelta(days=10)) == 10 * 86_400


def test_china_office_hours_know_the_official_days():
    seed_calendars()
    office = calendar_of(WorkCalendar.objects.get(title=CHINA_OFFICE_HOURS))

    def seconds(day: date) -> int:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
        return office.between(midnight, midnight + timedelta(days=1))

    nine_hours = 9 * 3600
    assert seconds(date(2025, 1, 27)) == nine_hours  # a Monday
    assert seconds(date(2025, 1, 28)) == 0  # a Tuesday, the eve of the new year: closed
    assert seconds(date(2025, 1, 26)) == nine_hours  # a Sunday made a workday
    assert seconds(date(2025, 3, 1)) == 0  # a common Saturday


def test_a_year_that_nobody_has_announced_is_not_claimed_to_be_known():
    seed_calendars()
    office = calendar_of(WorkCalendar.objects.get(title=CHINA_OFFICE_HOURS))
    assert 2025 in office.known_years
    assert 2099 not in office.known_years


def test_a_clock_that_pinned_a_version_keeps_its_hours(alice):
    hours = actions.record(WORK_CALENDAR, by=alice, title="Desk", hours=WEEKDAYS)
    longer = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "20:00"]]}}
    actions.change(hours, by=alice, hours=longer)
    monday = datetime(2026, 3, 2, tzinfo=UTC) - timedelta(hours=8)
    next_day = monday + timedelta(days=1)
    assert calendar_at(hours.number, 1).between(monday, next_day) == 8 * 3600
    assert calendar_at(hours.number, 2).between(monday, next_day) == 11 * 3600
    assert calendar_of(hours) == Calendar.from_definition(longer)


def test_a_version_that_never_was_is_not_guessed(alice):
    hours = actions.record(WORK_CALENDAR, by=alice, title="Desk", hours=WEEKDAYS)
    with pytest.raises(LookupError):
        calendar_at(hours.number, 2)


@pytest.mark.parametrize(
    "hours",
    [
        {},
        {"time_zone": "Mars/Olympus", "week": {}},
        {"time_zone": "UTC", "week": {"mon": [["17:00", "09:00"]]}},
        {"time_zone": "UTC", "week": {"noday": []}},
        ["09:00"],
        "09:00-17:00",
    ],
)
def test_hours_that_cannot_be_counted_in_are_refused(alice, hours):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(WORK_CALENDAR, by=alice, title="Desk", hours=hours)
    assert list(refused.value.fields) == ["hours"]


def test_agents_do_not_change_service_hours(bob):
    with pytest.raises(NotAllowed):
        actions.record(WORK_CALENDAR, by=bob, title="Desk", hours=WEEKDAYS)


def test_hours_can_be_recorded_by_the_system():
    assert actions.record(WORK_CALENDAR, by=SYSTEM, title="Desk", hours=WEEKDAYS).number == "CAL-000001"


def test_who_writes_holidays_and_no_years_gets_all_that_are_known(alice):
    hours = actions.record(WORK_CALENDAR, by=alice, title="Desk", hours=WEEKDAYS | {"holidays": "CN"})
    assert 2025 in hours.hours["known_years"]
    assert "2025-01-28" in hours.hours["closed"]


@pytest.mark.parametrize(
    ("today", "known", "warned"),
    [
        ("2026-03-02", [2026], False),
        ("2026-03-02", [2025], True),
        ("2026-12-01", [2026], False),  # 30 days later it is still the old year
        ("2026-12-02", [2026], True),  # 30 days later it is 2027
        ("2026-12-02", [2026, 2027], False),
    ],
)
def test_hours_whose_holidays_run_out_wait_for_whoever_keeps_them(
    alice, alice_browser, monkeypatch, today, known, warned
):
    monkeypatch.setattr(timezone, "localdate", lambda *_zone: date.fromisoformat(today))
    actions.record(WORK_CALENDAR, by=alice, title="Desk", hours=WEEKDAYS | {"holidays": "CN", "known_years": known})
    actions.record(WORK_CALENDAR, by=alice, title="Always", hours=WEEKDAYS)
    assert menu.HOURS_WITHOUT_HOLIDAYS.count(alice) == int(warned)
    listed = alice_browser.get(menu.HOURS_WITHOUT_HOLIDAYS.url).content.decode()
    assert ("Desk" in listed) is warned
    assert "Always" not in listed
