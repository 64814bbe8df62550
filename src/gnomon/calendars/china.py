"""China's official holidays and make-up workdays (调休补班), copied from a maintained package.

The State Council announces a year's days around the November before. Until then the package fills in
statutory days by rule, which is a guess; such a year counts as unknown here and nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.refusals import CalendarRefused

if TYPE_CHECKING:
    from holidays import HolidayBase

# Before 2007 no second source confirms the package.
FIRST_KNOWN = 2007

_DAY = timedelta(days=1)
_SATURDAY, _DECEMBER = 5, 12


@dataclass(frozen=True, slots=True)
class OfficialDays:
    """Days that official notices close, and days of rest that they make workdays."""

    closed: frozenset[date]
    open: frozenset[date]


@cache
def known_years() -> tuple[int, ...]:
    """The years whose official arrangement the installed package holds: those that have make-up workdays."""
    years: list[int] = []
    while _make_up_days(year := FIRST_KNOWN + len(years)):
        years.append(year)
    return tuple(years)


def official_days(years: Iterable[int] | None = None) -> OfficialDays:
    """The official days of some years (default: all that are known); CalendarRefused for an unknown year.

    The December before a year comes with it, since New Year's Day may close or open days there.
    """
    asked = known_years() if years is None else tuple(years)
    for year in asked:
        if year not in known_years():
            raise CalendarRefused(
                "%(place)s: the official holidays of %(year)d are not announced or not in the installed package,"
                " which knows %(first)d to %(last)d; nothing is guessed.",
                place="known_years", year=year, first=FIRST_KNOWN, last=known_years()[-1],
            )  # fmt: skip
    found = [_of_year(year) for year in asked]
    return OfficialDays(
        frozenset(day for days in found for day in days.closed), frozenset(day for days in found for day in days.open)
    )


def with_official_holidays(calendar: Calendar, years: Iterable[int] | None = None) -> Calendar:
    """The calendar with official days copied into its dates, by default of every known year that it lacks.

    What the calendar already says of a day stays, so that a newer package never changes history.
    """
    held = calendar.known_years or ()
    asked = tuple(year for year in known_years() if year not in held) if years is None else tuple(years)
    days = official_days(asked)
    said = calendar.closed | {day for day, _ in calendar.open}
    filled = calendar.with_dates(closed=days.closed - said, open=dict.fromkeys(days.open - said))
    return replace(filled, holidays="CN", known_years=tuple(sorted({*held, *asked})))


@cache
def _of_year(year: int) -> OfficialDays:
    named = frozenset(_package(year - 1, year))
    make_up = _make_up_days(year) | _make_up_days(year - 1)

    def belongs(day: date) -> bool:
        return day.year == year or (day.year == year - 1 and day.month == _DECEMBER)

    def rests(day: date) -> bool:
        return day not in make_up and (day in named or day.weekday() >= _SATURDAY)

    closed = {day for day in named if belongs(day)}
    for day in tuple(closed):
        for step in (-_DAY, _DAY):
            near = day + step
            while rests(near):
                closed.add(near)
                near += step
    ordinary = {date.fromisoformat(text) for text in ORDINARY_WEEKENDS}
    return OfficialDays(
        frozenset(day for day in closed - ordinary if belongs(day)), frozenset(filter(belongs, make_up))
    )


@cache
def _make_up_days(year: int) -> frozenset[date]:
    # The package lists some make-up days of other years whatever year is asked for.
    return frozenset(day for day in _package(year).weekend_workdays if day.year == year)


def _package(*years: int) -> HolidayBase:
    import holidays  # half a second, which only those who copy holidays need to spend

    return holidays.country_holidays("CN", years=years)


# The package names working days that are closed. Notices close the weekend next to them too, which matters
# where Saturdays are worked; except these, of which the notice only says that the holiday joins the weekend.
ORDINARY_WEEKENDS = (
    "2014-04-06", "2014-05-31", "2014-06-01", "2014-09-06", "2014-09-07",
    "2015-04-04", "2015-05-02", "2015-05-03", "2015-06-21", "2015-09-26",
    "2016-01-02", "2016-01-03", "2016-04-02", "2016-04-03", "2016-04-30",
    "2016-12-31", "2017-04-29", "2017-04-30", "2017-12-30", "2017-12-31",
    "2018-06-16", "2018-06-17", "2018-09-22", "2018-09-23",
    "2019-04-06", "2019-04-07", "2019-06-08", "2019-06-09", "2019-09-14", "2019-09-15",
    "2023-12-30", "2023-12-31", "2024-06-08", "2024-06-09",
)  # fmt: skip
