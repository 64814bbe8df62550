"""Opening hours of one day: half-open stretches of wall time, written 09:00 to 24:00."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gnomon.calendars.refusals import CalendarRefused

Stretch = tuple[int, int]  # seconds of wall time since midnight, end excluded
Hours = tuple[Stretch, ...]
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY: Hours = ((0, DAY),)

_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)


def hours(*stretches: str) -> Hours:
    """Hours from words such as "09:00-12:00", "13:00-18:00"."""
    return checked_hours((tuple(stretch.split("-")) for stretch in stretches), "hours")


def checked_hours(pairs: Iterable[object], place: str) -> Hours:
    """Hours from pairs of wall times, in order and apart; CalendarRefused names `place` otherwise."""
    found: list[Stretch] = []
    for at, pair in enumerate(pairs):
        here = f"{place}[{at}]"
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise CalendarRefused('%(place)s is no pair of times; write it as ["09:00", "18:00"].', place=here)
        found.append((_seconds(pair[0], here), _seconds(pair[1], here)))
    check_stretches(tuple(found), place)
    return tuple(found)


def check_stretches(day: Hours, place: str) -> None:
    """Refuse stretches that are empty, overlap or leave the day."""
    before = 0
    for at, (start, end) in enumerate(day):
        here = f"{place}[{at}]"
        facts = {"start": wall_time(start), "end": wall_time(end)}
        if not 0 <= start < end <= DAY:
            raise CalendarRefused(
                "%(place)s: %(start)s to %(end)s does not end after it starts on the same day;"
                " split hours past midnight at 24:00.",
                place=here,
                **facts,
            )
        if start < before:
            raise CalendarRefused(
                "%(place)s: %(start)s to %(end)s starts before the stretch ahead of it has ended (%(before)s);"
                " put stretches in order, without overlap.",
                place=here,
                before=wall_time(before),
                **facts,
            )
        before = end


def wall_time(seconds: int) -> str:
    """Seconds since midnight as people write them: 09:00, 24:00, 08:59:30."""
    minutes, rest = divmod(seconds, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def merged(stretches: Iterable[Stretch]) -> Hours:
    """Stretches in order, those that touch or overlap joined."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _seconds(text: object, place: str) -> int:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY:
        raise CalendarRefused(
            "%(place)s: %(value)r is no time of day; write it as 09:00, up to 24:00.", place=place, value=text
        )
    return seconds
