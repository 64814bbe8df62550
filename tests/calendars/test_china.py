"""China's official holidays: equal to a second source, copied, and never guessed."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from gnomon.calendars import china
from gnomon.calendars.calendar import Calendar
from gnomon.calendars.hours import hours
from gnomon.calendars.ical import read_feed
from gnomon.calendars.refusals import CalendarRefused
from gnomon.standard.periods import Period

OFFICE = Calendar((*(hours("09:00-18:00"),) * 5, (), ()), "Asia/Shanghai")

SHARED = Path(os.environ.get("GNOMON_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
ARCHIVE = SHARED / "holidays_cn" / "holiday-cn.tar.zst"
with_archive = pytest.mark.skipif(
    not ARCHIVE.exists(), reason=f"The second source of official holidays is not at {ARCHIVE}; set GNOMON_TEST_DATA."
)


@pytest.fixture(scope="module")
def office() -> Calendar:
    return china.with_official_holidays(OFFICE)


@pytest.fixture(scope="module")
def archive() -> tarfile.TarFile:
    with ARCHIVE.open("rb") as packed:
        return tarfile.open(fileobj=io.BytesIO(zstandard.ZstdDecompressor().stream_reader(packed).read()))


def member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    assert found is not None
    return found.read()


def announced(archive: tarfile.TarFile, year: int) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = json.loads(member(archive, f"{year}.json"))["days"]
    return days


def test_the_new_year_of_2026(office: Calendar) -> None:
    assert all(not office.hours_on(date(2026, 1, day)) for day in (1, 2, 3))
    # A Sunday that makes up for Friday the 2nd.
    assert date(2026, 1, 4).isoweekday() == 7
    assert office.hours_on(date(2026, 1, 4)) == hours("09:00-18:00")
    assert office.is_open(datetime(2026, 1, 4, 1, tzinfo=UTC))  # 09:00 in Shanghai


@pytest.mark.parametrize(
    ("year", "working", "weekdays_closed", "make_up"),
    [
        (2024, 251, 19, 8),  # 262 weekdays − 19 closed + 8 made up
        (2025, 248, 18, 5),  # 261 − 18 + 5
        (2026, 248, 19, 6),  # 261 − 19 + 6
    ],
)
def test_working_days_of_a_year(office: Calendar, year: int, working: int, weekdays_closed: int, make_up: int) -> None:
    assert office.working_days(year) == working
    assert sum(day.year == year and day.weekday() < 5 for day in office.closed) == weekdays_closed
    assert sum(day.year == year for day, _ in office.open) == make_up


def test_the_years_from_2007_to_2026_are_known_and_2027_is_not() -> None:
    # A later package may know more; it never knows less.
    assert china.known_years()[:20] == tuple(range(2007, 2027))


@with_archive
def test_every_announced_day_of_every_year_is_the_same(archive: tarfile.TarFile) -> None:
    days = china.official_days(range(2007, 2027))
    listed = [day for year in range(2007, 2027) for day in announced(archive, year)]
    off = {date.fromisoformat(day["date"]) for day in listed if day["isOffDay"]}
    on = {date.fromisoformat(day["date"]) for day in listed if not day["isOffDay"]}

    assert (len(off), len(on)) == (545, 133)
    assert days.closed == off
    # On Monday 3 February 2020 an extended holiday ended: listed as work, though it makes up for nothing.
    assert on - days.open == {date(2020, 2, 3)}
    assert days.open <= on


@with_archive
def test_every_year_alone_has_its_own_days_with_the_december_before(archive: tarfile.TarFile) -> None:
    for year in range(2007, 2027):
        days = china.official_days([year])
        found = {*days.closed, *days.open} | {date(2020, 2, 3)}
        assert {date.fromisoformat(day["date"]) for day in announced(archive, year)} <= found
        assert all(day.year == year or (day.year, day.month) == (year - 1, 12) for day in days.closed | days.open)


@with_archive
def test_what_nobody_has_announced_is_unknown(archive: tarfile.TarFile) -> None:
    assert announced(archive, 2027) == []


@with_archive
def test_the_published_feed_of_every_year_says_the_same(archive: tarfile.TarFile) -> None:
    for year in range(2007, 2027):
        feed = read_feed(member(archive, f"{year}.ics"), time_zone="Asia/Shanghai")
        listed = announced(archive, year)
        assert feed.closed == {date.fromisoformat(day["date"]) for day in listed if day["isOffDay"]}
        assert feed.open.keys() == {date.fromisoformat(day["date"]) for day in listed if not day["isOffDay"]}
        assert feed.ignored == []


def test_a_year_after_the_last_known_is_refused_and_not_guessed(office: Calendar) -> None:
    year = china.known_years()[-1] + 1
    with pytest.raises(CalendarRefused, match=f"official holidays of {year} are not announced"):
        china.with_official_holidays(OFFICE, [year])
    # The package has statutory days for it; none of them is taken over.
    assert not any(day.year == year for day in office.closed)
    warning = office.unknown_years(Period(datetime(year, 1, 5, tzinfo=UTC), datetime(year, 1, 6, tzinfo=UTC)))
    assert warning is not None and warning.years == (year,)


def test_make_up_days_of_other_years_do_not_leak_in() -> None:
    assert min(china.official_days([2026]).open) == date(2026, 1, 4)
    assert {day for day in china.official_days([2007]).open if day.year == 2006} == {
        date(2006, 12, 30),
        date(2006, 12, 31),
    }


def test_days_are_copied_so_that_they_outlive_the_package(office: Calendar) -> None:
    definition = office.definition()
    assert definition["holidays"] == "CN"
    assert definition["known_years"] == list(china.known_years())
    assert "2026-01-04" in definition["open"] and "2026-01-01" in definition["closed"]
    assert Calendar.from_definition(definition) == office


def test_a_newer_package_adds_years_and_changes_none_that_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    held = china.with_official_holidays(OFFICE, [2024, 2025])
    corrected = held.with_dates(open={date(2025, 10, 1): hours("10:00-12:00")}, closed=[date(2026, 1, 4)])
    newer = china.with_official_holidays(corrected)

    assert newer.known_years == china.known_years()
    # What the organisation said of a day stays, in held years and in new ones.
    assert newer.hours_on(date(2025, 10, 1)) == hours("10:00-12:00")
    assert newer.hours_on(date(2026, 1, 4)) == ()
    assert newer.hours_on(date(2026, 1, 1)) == ()
    assert newer.working_days(2024) == 251


def test_a_desk_that_works_on_saturdays_rests_on_those_that_the_notice_names() -> None:
    six_days = china.with_official_holidays(replace(OFFICE, week=(*(hours("09:00-18:00"),) * 6, ())))
    assert six_days.hours_on(date(2026, 1, 3)) == ()  # 1 to 3 January are named
    assert six_days.hours_on(date(2024, 6, 8)) != ()  # 10 June 2024 only "joins the weekend"
