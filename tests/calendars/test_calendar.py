"""Calendars worked by hand: office hours, holidays, clock changes and refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gnomon.calendars.calendar import ALWAYS, Calendar
from gnomon.calendars.hours import ALL_DAY, Hours, hours
from gnomon.calendars.refusals import CalendarRefused, NeverOpens, OutOfReach
from gnomon.standard.periods import Period

NINE_TO_SIX = hours("09:00-18:00")
OFFICE = Calendar((*(NINE_TO_SIX,) * 5, (), ()), "Asia/Shanghai", name="Office")
NEVER = Calendar(((),) * 7)  # type: ignore[arg-type]
HOUR = 3600


def at(text: str, zone: str = "Asia/Shanghai", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def every_day(day: Hours, zone: str) -> Calendar:
    return Calendar((day,) * 7, zone)  # type: ignore[arg-type]


def test_a_pause_from_friday_evening_to_monday_morning_is_two_hours_of_working_time() -> None:
    # Friday 9 January 2026: 17:00–18:00 is one hour. Monday 12 January: 09:00–10:00 is one hour.
    paused = OFFICE.between(at("2026-01-09 17:00"), at("2026-01-12 10:00"))
    assert paused == 2 * HOUR
    # A deadline on Monday at noon therefore moves to Monday 14:00.
    assert OFFICE.add(at("2026-01-12 12:00"), paused) == at("2026-01-12 14:00")


def test_time_that_is_used_up_at_closing_ends_at_closing_and_not_next_morning() -> None:
    assert OFFICE.add(at("2026-01-09 17:00"), HOUR) == at("2026-01-09 18:00")
    assert OFFICE.add(at("2026-01-09 17:00"), HOUR + 1) == at("2026-01-12 09:00:01")


def test_time_added_while_closed_starts_with_the_next_opening() -> None:
    assert OFFICE.add(at("2026-01-10 12:00"), 60) == at("2026-01-12 09:01")
    assert OFFICE.add(at("2026-01-10 12:00"), 0) == at("2026-01-10 12:00")


def test_opening_belongs_to_the_hours_and_closing_does_not() -> None:
    assert OFFICE.is_open(at("2026-01-09 09:00"))
    assert OFFICE.is_open(at("2026-01-09 17:59:59.999"))
    assert not OFFICE.is_open(at("2026-01-09 18:00"))
    assert OFFICE.next_opening(at("2026-01-09 18:00")) == at("2026-01-12 09:00")
    assert OFFICE.next_closing(at("2026-01-10 12:00")) == at("2026-01-12 18:00")


def test_a_moment_belongs_to_the_second_that_it_falls_in() -> None:
    a, b = at("2026-01-09 10:00:00.900"), at("2026-01-09 10:00:01.100")
    assert OFFICE.between(a, b) == 1
    assert OFFICE.between(at("2026-01-09 10:00:00.100"), a) == 0
    assert OFFICE.add(a, 1) == at("2026-01-09 10:00:01")


def test_time_counted_backwards_is_negative() -> None:
    assert OFFICE.between(at("2026-01-12 10:00"), at("2026-01-09 17:00")) == -2 * HOUR


def test_the_lunch_break_is_closed_and_dated_days_replace_the_week() -> None:
    split = hours("09:00-12:00", "13:00-18:00")
    calendar = Calendar(
        (*(split,) * 5, (), ()), "Asia/Shanghai", frozenset({date(2026, 1, 9)}),
        ((date(2026, 1, 10), None), (date(2026, 1, 11), hours("10:00-11:00"))),
    )  # fmt: skip
    # Friday 9th is closed; Saturday 10th has normal hours (8 h), Sunday 11th one hour; Monday begins at 09:00.
    assert calendar.between(at("2026-01-09 00:00"), at("2026-01-12 00:00")) == 9 * HOUR
    day = Period(at("2026-01-10 10:00"), at("2026-01-11 10:30"))
    assert [(i.start, i.end) for i in calendar.intervals(day)] == [
        (at("2026-01-10 10:00"), at("2026-01-10 12:00")),
        (at("2026-01-10 13:00"), at("2026-01-10 18:00")),
        (at("2026-01-11 10:00"), at("2026-01-11 10:30")),
    ]


def test_hours_that_meet_at_midnight_are_one_opening() -> None:
    nights = every_day(hours("00:00-06:00", "22:00-24:00"), "Asia/Shanghai")
    [night] = nights.intervals(Period(at("2025-12-31 12:00"), at("2026-01-01 12:00")))
    assert (night.start, night.end) == (at("2025-12-31 22:00"), at("2026-01-01 06:00"))


def test_an_hour_that_the_clocks_skip_does_not_count() -> None:
    # Berlin, 29 March 2026: 02:00 becomes 03:00. Of 01:00–04:00 two hours are lived.
    calendar = every_day(hours("01:00-04:00"), "Europe/Berlin")
    day = at("2026-03-29 00:00", "Europe/Berlin")
    assert calendar.between(day, day.replace(hour=12)) == 2 * HOUR
    # An opening within the skipped hour never comes that day.
    skipped = every_day(hours("02:15-02:45"), "Europe/Berlin")
    assert skipped.next_opening(day) == at("2026-03-30 02:15", "Europe/Berlin")


def test_an_hour_that_the_clocks_repeat_counts_twice() -> None:
    # Berlin, 25 October 2026: 03:00 becomes 02:00. 01:00–04:00 lasts four hours.
    calendar = every_day(hours("01:00-04:00"), "Europe/Berlin")
    day = at("2026-10-25 00:00", "Europe/Berlin")
    assert calendar.between(day, day.replace(hour=12)) == 4 * HOUR
    # Doors that close at 02:30 by the wall clock close twice.
    doors = every_day(hours("02:00-02:30"), "Europe/Berlin")
    found = doors.intervals(Period(day, day.replace(hour=12)))
    assert [(i.start, i.end) for i in found] == [
        (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ]


def test_lord_howe_moves_its_clocks_by_half_an_hour() -> None:
    # 5 April 2026: 02:00 becomes 01:30. 01:00–03:00 lasts two and a half hours.
    calendar = every_day(hours("01:00-03:00"), "Australia/Lord_Howe")
    day = at("2026-04-05 00:00", "Australia/Lord_Howe")
    assert calendar.between(day, day.replace(hour=12)) == 2.5 * HOUR


def test_a_date_that_a_country_skipped_has_no_hours() -> None:
    # Samoa went from 29 to 31 December 2011.
    calendar = every_day(ALL_DAY, "Pacific/Apia").with_dates(closed=[date(2011, 12, 31)])
    closed = calendar.between(at("2011-12-29 00:00", "Pacific/Apia"), at("2012-01-01 00:00", "Pacific/Apia"))
    assert closed == 24 * HOUR


def test_a_change_of_clocks_on_new_years_eve_is_seen() -> None:
    # Singapore put its clocks half an hour forward as 1982 began: 23:30 became 00:00.
    calendar = every_day(hours("23:00-24:00"), "Asia/Singapore")
    eve = datetime(1981, 12, 31, 12, tzinfo=UTC)
    assert calendar.between(eve, eve + timedelta(hours=12)) == 0.5 * HOUR
    # Kiritimati jumped over the last day of 1994, so closing that day takes nothing away:
    # 28, 29 and 30 December and 1 to 4 January have an hour each.
    island = every_day(hours("09:00-10:00"), "Pacific/Kiritimati").with_dates(closed=[date(1994, 12, 31)])
    week = datetime(1994, 12, 28, tzinfo=UTC)
    assert island.between(week, week + timedelta(days=7)) == 7 * HOUR


def test_a_calendar_without_open_time_says_so_instead_of_waiting_for_ever() -> None:
    start = at("2026-01-09 17:00")
    with pytest.raises(NeverOpens, match=r"does not have 60 seconds of open time after 2026-01-09T09:00:00\+00:00"):
        NEVER.add(start, 60)
    with pytest.raises(NeverOpens):
        NEVER.next_opening(start)
    assert NEVER.add(start, 0) == start
    assert NEVER.between(start, start + timedelta(days=400)) == 0
    assert NEVER.intervals(Period(start, start + timedelta(days=400))) == ()


def test_a_calendar_of_single_days_ends_with_the_last_of_them() -> None:
    once = NEVER.with_dates(open={date(2026, 12, 31): hours("23:00-24:00")})
    assert once.add(at("2026-01-01 00:00", "UTC"), HOUR) == at("2027-01-01 00:00", "UTC")
    with pytest.raises(NeverOpens):
        once.add(at("2026-01-01 00:00", "UTC"), HOUR + 1)


def test_questions_outside_its_years_are_refused() -> None:
    with pytest.raises(OutOfReach, match="1900 to 2199"):
        OFFICE.between(at("2026-01-09 17:00"), at("9999-12-31 00:00", "UTC"))
    with pytest.raises(OutOfReach, match="shorter length"):
        OFFICE.add(at("2026-01-09 17:00"), 2_000_000_000)
    with pytest.raises(OutOfReach, match="longer than"):
        OFFICE.add(at("2026-01-09 17:00"), 10**15)
    with pytest.raises(OutOfReach, match="not negative"):
        OFFICE.add(at("2026-01-09 17:00"), -1)
    with pytest.raises(OutOfReach, match="no time zone"):
        OFFICE.between(datetime(2026, 1, 9), at("2026-01-09 17:00"))
    with pytest.raises(OutOfReach, match="2 starts cannot be paired with 1 ends"):
        OFFICE.between_many([1, 2], [1])
    with pytest.raises(OutOfReach, match="1 starts cannot be paired with 2 ends"):
        OFFICE.between_columns([1], [1, 2])


def test_new_dates_replace_old_ones_and_open_wins_over_closed() -> None:
    day, other = date(2026, 1, 4), date(2026, 1, 5)
    calendar = OFFICE.with_dates(closed=[day, other])
    assert calendar.with_dates(open={day: None}).hours_on(day) == NINE_TO_SIX
    assert calendar.with_dates(open={day: None}).with_dates(closed=[day]).hours_on(day) == ()
    assert calendar.with_dates(closed=[day], open={day: None}).hours_on(day) == NINE_TO_SIX
    assert calendar.hours_on(other) == ()


def test_calendars_are_equal_when_they_open_alike() -> None:
    renamed = replace(OFFICE, name="Desk", version=3)
    assert renamed == OFFICE
    assert hash(renamed) == hash(OFFICE)
    assert replace(OFFICE, time_zone="UTC") != OFFICE


def test_years_whose_holidays_are_not_known_are_named() -> None:
    knowing = replace(OFFICE, holidays="CN", known_years=(2025, 2026))
    within = Period(at("2025-01-01 00:00"), at("2026-12-31 23:00"))
    beyond = Period(at("2026-12-31 23:00"), at("2028-01-02 00:00"))
    assert knowing.unknown_years(within) is None
    warning = knowing.unknown_years(beyond)
    assert warning is not None
    assert warning.years == (2027, 2028)
    assert str(warning).startswith("The official holidays of 2027, 2028 are not in this calendar")
    assert OFFICE.unknown_years(beyond) is None  # it claims nothing
    # The year is that of the calendar's zone: in Shanghai 2027 begins at 16:00 UTC.
    late = datetime(2026, 12, 31, 16, tzinfo=UTC)
    found = knowing.unknown_years(Period(late, late))
    assert found is not None and found.years == (2027,)


GOOD = {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "12:00"], ["12:00", "24:00"]]}}


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        ({"time_zone": "Asia/Peking"}, "time_zone", "no time zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "no time zone"),
        ({"time_zone": None}, "time_zone", "no time zone"),
        ({"week": None}, "week", "no table"),
        ({"week": {"monday": []}}, "week.monday", "no day of the week"),
        ({"week": {"mon": "09:00-18:00"}}, "week.mon", "no list"),
        ({"week": {"mon": [["09:00"]]}}, "week.mon[0]", "no pair"),
        ({"week": {"mon": [["9:00", "18:00"]]}}, "week.mon[0]", "'9:00' is no time of day"),
        ({"week": {"mon": [["09:00", "24:01"]]}}, "week.mon[0]", "'24:01' is no time of day"),
        ({"week": {"mon": [["09:60", "18:00"]]}}, "week.mon[0]", "'09:60' is no time of day"),
        ({"week": {"mon": [[9, 18]]}}, "week.mon[0]", "9 is no time of day"),
        ({"week": {"mon": [["22:00", "06:00"]]}}, "week.mon[0]", "split hours past midnight"),
        ({"week": {"mon": [["09:00", "09:00"]]}}, "week.mon[0]", "does not end after it starts"),
        ({"week": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}, "week.mon[1]", "without overlap"),
        ({"week": {"tue": [["13:00", "18:00"], ["09:00", "12:00"]]}}, "week.tue[1]", "in order"),
        ({"closed": "2026-01-01"}, "closed", "no list"),
        ({"closed": ["2026-01-01", "2026-02-30"]}, "closed[1]", "no date"),
        ({"closed": ["20260101"]}, "closed[0]", "no date"),
        ({"closed": ["0001-01-01"]}, "closed[0]", "no date"),
        ({"open": ["2026-01-04"]}, "open", "no table"),
        ({"open": {"2026-1-4": None}}, "open.2026-1-4", "no date"),
        ({"open": {"2026-01-04": [["09:00", "08:00"]]}}, "open.2026-01-04[0]", "does not end"),
        ({"open": {"2026-01-04": []}}, "open.2026-01-04", "has no hours"),
        ({"open": {"2026-01-04": None}, "closed": ["2026-01-04"]}, "open.2026-01-04", "keep one"),
        ({"open": {"2026-01-04": None}, "week": {}}, "open.2026-01-04", "say its hours"),
        ({"holidays": "DE"}, "holidays", "not built in"),
        ({"known_years": 2026}, "known_years", "no list"),
        ({"known_years": [2026, "2027"]}, "known_years[1]", "no year"),
        ({"known_years": [True]}, "known_years[0]", "no year"),
        ({"close": []}, "close", "no part of a calendar"),
    ],
)
def test_every_fault_of_a_definition_is_a_sentence_with_its_place(
    change: dict[str, object], place: str, says: str
) -> None:
    Calendar.from_definition(GOOD)
    with pytest.raises(CalendarRefused) as refusal:
        Calendar.from_definition(GOOD | change)
    assert refusal.value.place == place
    assert place in str(refusal.value) and says in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert refusal.value.template % refusal.value.facts == str(refusal.value)


@pytest.mark.parametrize("definition", [[], None, "09:00", {"week": {}}, {"time_zone": "UTC"}])
def test_what_is_no_definition_is_refused(definition: object) -> None:
    with pytest.raises(CalendarRefused):
        Calendar.from_definition(definition)  # type: ignore[arg-type]


def test_a_promise_of_official_holidays_without_years_knows_none() -> None:
    calendar = Calendar.from_definition(GOOD | {"holidays": "CN"})
    assert calendar.known_years == ()
    assert calendar.unknown_years(Period(at("2026-01-01 00:00"), at("2026-01-02 00:00"))) is not None


def test_a_definition_is_plain_and_readable() -> None:
    calendar = OFFICE.with_dates(closed=[date(2026, 1, 2)], open={date(2026, 1, 4): None, date(2026, 1, 3): ALL_DAY})
    assert calendar.definition() == {
        "time_zone": "Asia/Shanghai",
        "week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "closed": ["2026-01-02"],
        "open": {"2026-01-03": [["00:00", "24:00"]], "2026-01-04": None},
        "holidays": None,
        "known_years": None,
    }
    assert Calendar.from_definition(ALWAYS.definition()).next_closing(at("2026-01-01 00:00")) is None
