"""Service hours as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.hours import WEEKDAYS
from gnomon.organization.actions.setup import china_office_hours, round_the_clock
from gnomon.organization.fields import HoursInput
from gnomon.organization.hours_text import HoursRefused, read, written
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.organization.models import WorkCalendar
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

TEXT = """time zone Asia/Shanghai
mon-fri 09:00-12:00 13:00-18:00
sun 10:00-12:00
holidays CN 2025-2026
closed 2026-10-01..2026-10-08
closed 2026-12-31
open 2026-10-10
open 2026-10-11 10:00-14:00"""

MINUTES = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(sorted)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def pairs(minutes: list[int]) -> list[list[str]]:
    return [[clock(a), clock(b)] for a, b in zip(minutes[::2], minutes[1::2], strict=False)]


@st.composite
def definitions(draw):
    week = {day: hours for day in WEEKDAYS if (hours := pairs(draw(MINUTES)))}
    closed = draw(st.sets(DAYS, max_size=20))
    opened = {day: pairs(draw(MINUTES)) or None for day in draw(st.sets(DAYS, max_size=5)) - closed}
    holidays = draw(st.sampled_from([None, "CN"]))
    known = sorted(draw(st.sets(st.integers(2007, 2030)))) if holidays else None
    return {"time_zone": "Asia/Shanghai", "week": week, "closed": sorted(closed), "open": dict(sorted(opened.items())),
            "holidays": holidays, "known_years": known}  # fmt: skip


@given(definitions())
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_back_as_it_was(definition):
    assert read(written(definition)) == definition


def test_lines_say_what_they_look_like():
    told = read(TEXT)
    assert told["week"]["mon"] == told["week"]["fri"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "sat" not in told["week"]
    assert told["closed"][0] == "2026-10-01"
    assert len(told["closed"]) == 9
    assert told["open"] == {"2026-10-10": None, "2026-10-11": [["10:00", "14:00"]]}
    assert (told["holidays"], told["known_years"]) == ("CN", [2025, 2026])
    assert written(told) == TEXT


def test_chinese_days_spaces_and_remarks_are_understood():
    told = read("time zone Asia/Shanghai\n周一至周五 9:00–18:00  # 办公\n星期六，周日 10:00-12:00\n")
    assert told["week"]["wed"] == [["09:00", "18:00"]]
    assert told["week"]["sat"] == told["week"]["sun"] == [["10:00", "12:00"]]


@pytest.mark.parametrize("calendar", [round_the_clock(), china_office_hours()], ids=["always", "china"])
def test_the_ready_made_hours_can_be_edited_as_text(calendar):
    assert Calendar.from_definition(read(written(calendar.definition()))) == calendar


@pytest.mark.parametrize(
    "line",
    [
        "montag 09:00-18:00x", "fri-mon 09:00-18:00", "mon", "mon nine to five", "closed", "closed tomorrow",
        "closed 2026-10-08..2026-10-01", "closed 2026-10-01 09:00-10:00", "closed 2020-01-01..2026-01-01",
        "open 2026-13-01", "holidays", "holidays CN soon", "xmas 09:00-10:00", "mon-wed-fri 09:00-10:00",
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_named(line):
    with pytest.raises(HoursRefused, match="Line 2"):
        read(f"time zone UTC\n{line}")


def test_days_of_past_years_are_counted_and_not_listed():
    told = written(read(TEXT), since="2026-10-05")
    # 1 to 4 October have gone by; 5 to 8, 31 December and both open days remain
    assert told.splitlines()[4:] == [
        "closed 2026-10-05..2026-10-08", "closed 2026-12-31", "open 2026-10-10", "open 2026-10-11 10:00-14:00",
        "# and 4 days before 2026-10-05",
    ]  # fmt: skip


def test_hours_without_a_zone_are_refused():
    with pytest.raises(HoursRefused, match="time zone"):
        read("mon-fri 09:00-18:00")


def test_a_form_that_was_only_looked_at_has_not_changed():
    field = HoursInput()
    definition = read(TEXT)
    sent = field.prepare_value(definition).replace("\n", "\r\n") + "\r\n"
    assert not field.has_changed(definition, sent)
    assert field.has_changed(definition, sent.replace("18:00", "17:00"))


@pytest.mark.django_db
def test_service_hours_are_recorded_and_edited_in_the_browser(alice_browser):
    made = alice_browser.post("/organization/calendars/new", {"title": "Desk", "hours": TEXT})
    assert made.status_code == 302
    record = WorkCalendar.objects.get()
    assert record.hours == read(TEXT)
    page = alice_browser.get(record.get_absolute_url())
    assert "mon-fri 09:00-12:00 13:00-18:00" in page.content.decode()
    edit = f"{record.get_absolute_url()}/edit"
    assert "closed 2026-10-01..2026-10-08" in alice_browser.get(edit).content.decode()
    wrong = alice_browser.post(edit, {"title": "Desk", "hours": "mon-fri", "expect": record.version})
    assert wrong.status_code == 422
    assert "Line 1" in wrong.content.decode()
    overlapping = TEXT.replace("13:00-18:00", "11:00-18:00")
    refused = alice_browser.post(edit, {"title": "Desk", "hours": overlapping, "expect": record.version})
    assert refused.status_code == 422
    assert "without overlap" in refused.content.decode()


@pytest.mark.django_db
def test_a_far_list_of_days_is_kept_whole():
    days = [(date(2026, 1, 1) + timedelta(days=2 * n)).isoformat() for n in range(300)]
    hours = {"time_zone": "UTC", "week": {"mon": [["00:00", "24:00"]]}, "closed": days}
    record = actions.record(WORK_CALENDAR, by=SYSTEM, title="Odd days", hours=hours)
    assert read(written(record.hours))["closed"] == days
