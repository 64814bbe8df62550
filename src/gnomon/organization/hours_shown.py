"""Service hours as people look at them: the week, the days of each year, and whether a moment is inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import known_years
from gnomon.calendars.hours import wall_time
from gnomon.calendars.refusals import CalendarFault
from gnomon.organization.models import WorkCalendar

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with its open stretches: words, and where they lie in percent of the day."""

    title: str
    words: str
    stretches: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Year:
    """The days of a year that differ from the week."""

    year: int
    closed: list[date]
    open: list[tuple[date, str]]
    official: str


def shown_hours(record: WorkCalendar, moment: str = "") -> dict[str, Any] | None:
    """What the page of service hours shows; None when they cannot be counted in."""
    try:
        calendar = Calendar.from_definition(record.hours)
    except CalendarFault:
        return None
    return {
        "week": _week(calendar), "years": _years(calendar), "time_zone": calendar.time_zone, "moment": moment,
        "answer": _inside(calendar, moment) if moment else None,
    }  # fmt: skip


def _week(calendar: Calendar) -> list[WeekDay]:
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return [
        WeekDay(
            title, _words(hours),
            [(100 * start / DAY_SECONDS, 100 * (end - start) / DAY_SECONDS) for start, end in hours],
        )
        for title, hours in zip(days, calendar.week, strict=True)
    ]  # fmt: skip


def _words(hours: Any) -> str:
    return ", ".join(f"{wall_time(start)}–{wall_time(end)}" for start, end in hours) or _("rest day")


def _years(calendar: Calendar) -> list[Year]:
    """This year and those around it that say something, the newest first."""
    opened = dict(calendar.open)
    years = {day.year for day in calendar.closed} | {day.year for day in opened} | {timezone.localdate().year}
    held = set(calendar.known_years or ())
    words = {day: _("normal hours") if hours is None else _words(hours) for day, hours in sorted(opened.items())}
    return [
        Year(
            year, sorted(day for day in calendar.closed if day.year == year),
            [(day, says) for day, says in words.items() if day.year == year], _official(calendar, year, held),
        )
        for year in sorted(years, reverse=True)
    ]  # fmt: skip


def _official(calendar: Calendar, year: int, held: set[int]) -> str:
    if not calendar.holidays:
        return ""
    if year in held:
        return _("The official days are in.")
    if year in known_years():
        return _("The official days are known and not in yet. Edit the hours and save the line “holidays CN”.")
    return _("The official days are not announced, or not in this version of Gnomon. Nothing is guessed.")


def _inside(calendar: Calendar, text: str) -> dict[str, Any]:
    """Whether a moment is inside, and when that changes; a sentence when it is no moment."""
    try:
        moment = parse_datetime(text[:40]) if text.isascii() else None
    except ValueError:
        moment = None
    if moment is None:
        return {"says": _("“%(text)s” is no moment. Write it as 2026-10-01T09:30.") % {"text": text[:40]}}
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(calendar.time_zone))
    try:
        inside = calendar.is_open(moment)
        turn = calendar.next_closing(moment) if inside else calendar.next_opening(moment)
    except (CalendarFault, OverflowError) as fault:
        says = _(fault.template) % fault.facts if isinstance(fault, CalendarFault) else str(fault)
        return {"says": says}
    return {"inside": inside, "turn": turn, "at": moment}
