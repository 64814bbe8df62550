"""A calendar as plain JSON data, and back; every fault names its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from gnomon.calendars.hours import WEEKDAYS, Hours, Week, checked_hours, wall_time
from gnomon.calendars.instants import FIRST_YEAR, LAST_YEAR
from gnomon.calendars.refusals import CalendarRefused

KEYS = ("time_zone", "week", "closed", "open", "holidays", "known_years")
BUILT_IN = ("CN",)


def parts_of(definition: object) -> dict[str, Any]:
    """The fields of a Calendar from plain data; CalendarRefused when something is missing, unknown or misspelt."""
    given = _mapping(definition, "calendar")
    for key in given:
        if key not in KEYS:
            raise CalendarRefused(
                "%(place)s is no part of a calendar; use %(parts)s.", place=str(key), parts=", ".join(KEYS)
            )
    for key in ("time_zone", "week"):
        if key not in given:
            raise CalendarRefused("%(place)s is missing.", place=key)
    return {
        "time_zone": given["time_zone"],
        "week": _week(given["week"]),
        "closed": frozenset(_dates(given.get("closed"), "closed")),
        "open": tuple(_open(given.get("open"))),
        "holidays": _holidays(given.get("holidays")),
        "known_years": _years(given.get("known_years"), given.get("holidays")),
    }


def written(
    *,
    week: Week,
    time_zone: str,
    closed: Iterable[date],
    open: Iterable[tuple[date, Hours | None]],
    holidays: str | None,
    known_years: tuple[int, ...] | None,
) -> dict[str, Any]:
    """Plain data that `parts_of` reads back."""
    return {
        "time_zone": time_zone,
        "week": {name: _pairs(day) for name, day in zip(WEEKDAYS, week, strict=True) if day},
        "closed": [day.isoformat() for day in sorted(closed)],
        "open": {day.isoformat(): None if hours is None else _pairs(hours) for day, hours in open},
        "holidays": holidays,
        "known_years": None if known_years is None else list(known_years),
    }


def _pairs(day: Hours) -> list[list[str]]:
    return [[wall_time(start), wall_time(end)] for start, end in day]


def _week(given: object) -> Week:
    week = _mapping(given, "week")
    for name in week:
        if name not in WEEKDAYS:
            raise CalendarRefused(
                "%(place)s is no day of the week; use %(days)s.", place=f"week.{name}", days=", ".join(WEEKDAYS)
            )
    days = tuple(checked_hours(_list(week.get(name) or [], f"week.{name}"), f"week.{name}") for name in WEEKDAYS)
    return cast(Week, days)


def _dates(given: object, place: str) -> Iterable[date]:
    for at, text in enumerate(_list(given or [], place)):
        yield _date(text, f"{place}[{at}]")


def _open(given: object) -> Iterable[tuple[date, Hours | None]]:
    for text, pairs in _mapping(given or {}, "open").items():
        place = f"open.{text}"
        yield _date(text, place), None if pairs is None else checked_hours(_list(pairs, place), place)


def _holidays(given: object) -> str | None:
    if given is not None and given not in BUILT_IN:
        raise CalendarRefused(
            "%(place)s: official holidays of %(value)r are not built in; use %(built_in)s or null.",
            place="holidays", value=given, built_in=", ".join(BUILT_IN),
        )  # fmt: skip
    return None if given is None else str(given)


def _years(given: object, holidays: object) -> tuple[int, ...] | None:
    if given is None:
        # Official holidays were promised and no year is said to hold them: all years are unknown.
        return None if holidays is None else ()
    for at, year in enumerate(years := _list(given, "known_years")):
        if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
            raise CalendarRefused(
                "%(place)s: %(value)r is no year from %(first)d to %(last)d.",
                place=f"known_years[{at}]", value=year, first=FIRST_YEAR, last=LAST_YEAR,
            )  # fmt: skip
    return tuple(sorted(set(cast(list[int], years))))


def _date(text: object, place: str) -> date:
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2026-01-04") else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CalendarRefused(
            "%(place)s: %(value)r is no date from %(first)d to %(last)d; write it as 2026-01-04.",
            place=place, value=text, first=FIRST_YEAR, last=LAST_YEAR,
        )  # fmt: skip
    return day


def _mapping(given: object, place: str) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise CalendarRefused("%(place)s is no table of names and values.", place=place)
    return given


def _list(given: object, place: str) -> list[object]:
    if not isinstance(given, list | tuple):
        raise CalendarRefused("%(place)s is no list.", place=place)
    return list(given)
