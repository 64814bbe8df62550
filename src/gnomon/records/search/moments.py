"""Moments as people type them in a question: days, months, today, and spans such as 2h. Pure but for the clock."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone

_DATE = re.compile(r"(\d{4})(?:[-/年](\d{1,2})月?)?(?:[-/]?(\d{1,2})日?)?$")
_SPAN = re.compile(r"(\d{1,5})\s*([a-z]+|[\u4e00-\u9fff]+)$", re.IGNORECASE)
_UNITS = {
    "m": 60, "min": 60, "minutes": 60, "分钟": 60, "分": 60, "h": 3600, "hour": 3600, "hours": 3600, "小时": 3600,
    "时": 3600, "d": 86_400, "day": 86_400, "days": 86_400, "天": 86_400, "日": 86_400, "w": 604_800,
    "week": 604_800, "weeks": 604_800, "周": 604_800, "星期": 604_800,
}  # fmt: skip
_DAYS = {"today": 0, "今天": 0, "今日": 0, "yesterday": -1, "昨天": -1, "tomorrow": 1, "明天": 1}
Bounds = tuple[datetime | None, datetime | None]


def bounds_of(sign: str, typed: str, *, ahead: bool, now: datetime) -> Bounds | None:
    """From when and until when a moment lies that somebody asks for; None when it cannot be read.

    A span counts back from now, so that opened:<2h is younger than two hours; for moments that lie `ahead`
    it counts on, so that due:<2h is due within two hours.
    """
    if ".." in typed and not sign:
        begin, _dots, end = typed.partition("..")
        first, last = _day_or_longer(begin) if begin else None, _day_or_longer(end) if end else None
        if (begin and first is None) or (end and last is None) or not (begin or end):
            return None
        return (first[0] if first else None), (last[1] if last else None)
    span = _span(typed)
    if span is not None:
        if ahead:
            return (None, now + span) if sign in {"<", "<=", ""} else (now + span, None)
        return (now - span, None) if sign in {"<", "<=", ""} else (None, now - span)
    asked = _day_or_longer(typed)
    if asked is None:
        return None
    begins, ends = asked
    return {
        "": (begins, ends), ">": (ends, None), ">=": (begins, None), "<": (None, begins), "<=": (None, ends),
    }[sign]  # fmt: skip


def _span(typed: str) -> timedelta | None:
    found = _SPAN.match(typed)
    if found is None or found[2].lower() not in _UNITS:
        return None
    return timedelta(seconds=int(found[1]) * _UNITS[found[2].lower()])


def _day_or_longer(typed: str) -> tuple[datetime, datetime] | None:
    """The first instant of a day, month or year and the one after its last, in the zone of the person."""
    if typed.lower() in _DAYS:
        day = timezone.localdate() + timedelta(days=_DAYS[typed.lower()])
        return _midnight(day), _midnight(day + timedelta(days=1))
    found = _DATE.match(typed)
    if found is None:
        return None
    year, month, day_of_month = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
        if day_of_month is None:
            return _midnight(date(year, month, 1)), _midnight(date(year + month // 12, month % 12 + 1, 1))
        day = date(year, month, day_of_month)
        return _midnight(day), _midnight(day + timedelta(days=1))
    except (ValueError, OverflowError):
        return None


def _midnight(day: date) -> datetime:
    if not 1900 <= day.year <= 9000:
        raise ValueError(day)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
