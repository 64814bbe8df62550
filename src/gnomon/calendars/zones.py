"""Time zones: which offset from UTC holds when."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gnomon.calendars.instants import DAY_MS, MILLISECOND, SECOND_MS, moment_at, start_of_year
from gnomon.calendars.refusals import CalendarRefused

Offset = tuple[int, int, int]  # from, until, offset: milliseconds


def zone_named(name: object, place: str = "time_zone") -> ZoneInfo:
    """The time zone called `name`, such as Asia/Shanghai; CalendarRefused when there is none."""
    try:
        return ZoneInfo(name if isinstance(name, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarRefused(
            "%(place)s: %(value)r is no time zone; use a name such as Asia/Shanghai or UTC.", place=place, value=name
        ) from None


def offsets(zone: tzinfo, year: int) -> list[Offset]:
    """The offsets of a UTC year in order; zoneinfo tells only offsets, so changes are searched for."""
    start, end = start_of_year(year), start_of_year(year + 1)
    found: list[Offset] = []
    since, offset, now = start, _offset(zone, start), datetime(year, 1, 1, tzinfo=zone)
    nights = [zone.fromutc(now + timedelta(days=day)) - now for day in range((end - start) // DAY_MS + 1)]
    for day in range(1, len(nights)):
        if nights[day] - nights[day - 1] != timedelta(days=1):
            change = _change(zone, start + (day - 1) * DAY_MS, start + day * DAY_MS)
            found.append((since, change, offset))
            since, offset = change, _offset(zone, change)
    return [*found, (since, end, offset)]


def _offset(zone: tzinfo, instant: int) -> int:
    offset = moment_at(instant).astimezone(zone).utcoffset() or timedelta()
    return offset // MILLISECOND


def _change(zone: tzinfo, before: int, after: int) -> int:
    old = _offset(zone, before)
    while after - before > SECOND_MS:
        middle = before + (after - before) // (2 * SECOND_MS) * SECOND_MS
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after
