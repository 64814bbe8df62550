"""Periods as people name them, cut into months, weeks and days of the reader's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.standard.periods import Period
from gnomon.standard.plugs import Says

STEPS = ("month", "week", "day")
MOST = 800


class PeriodUnclear(ValueError):
    """A period that cannot be understood, with a sentence that says how to write it."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One month, week or day; `period` is what of it lies within the period that was cut."""

    key: str
    title: Says
    period: Period


def midnight(day: date) -> datetime:
    """The first instant of a day where the reader is."""
    return datetime.combine(day, time(), timezone.get_current_timezone()).astimezone(UTC)


def cut_to_millisecond(moment: datetime) -> datetime:
    """The moment as records keep it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def moment_named(text: str) -> datetime:
    """The first instant of a day written as 2026-01-31, or the moment that an RFC 3339 time means."""
    try:
        return midnight(date.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.get_current_timezone())
        return cut_to_millisecond(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        says = _("“%(text)s” is no date; write it as 2026-01-31 or 2026-01-31T18:00:00+08:00.")
        raise PeriodUnclear(says % {"text": text[:80]}) from None


def period_named(start: datetime, end: datetime) -> Period:
    """The period between two moments; PeriodUnclear when it would end before it starts."""
    if end < start:
        raise PeriodUnclear(_("The period ends before it starts. Exchange the two dates."))
    return Period(start, end)


def buckets(period: Period, step: str) -> list[Bucket]:
    """The months, weeks (from Monday) or days that a period touches, the outer ones cut at its ends."""
    if step not in STEPS:
        raise PeriodUnclear(_("Time is cut into month, week or day."))
    if period.start == period.end:
        return []
    zone = timezone.get_current_timezone()
    first = _first_day(period.start.astimezone(zone).date(), step)
    found: list[Bucket] = []
    start = midnight(first)
    while start < period.end:
        following = _next(first, step)
        end = midnight(following)
        if end > period.start:
            within = Period(max(start, period.start), min(end, period.end))
            found.append(Bucket(_key(first, step), _title(first, step), within))
        if len(found) > MOST:
            says = _("That would be more than %(most)d lines. Choose a shorter period or longer steps.")
            raise PeriodUnclear(says % {"most": MOST})
        first, start = following, end
    return found


def _first_day(day: date, step: str) -> date:
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def _next(first: date, step: str) -> date:
    if step == "month":
        return (first + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=7 if step == "week" else 1)


def _key(first: date, step: str) -> str:
    if step == "month":
        return f"{first:%Y-%m}"
    if step == "day":
        return first.isoformat()
    year, week, _day = first.isocalendar()
    return f"{year}-W{week:02d}"


def _title(first: date, step: str) -> str:
    if step == "month":
        return date_format(first, pgettext("format of a month", "M Y"))
    if step == "day":
        return date_format(first, pgettext("format of a day", "j M"))
    return str(_("Week of %(day)s")) % {"day": date_format(first, pgettext("format of a day", "j M"))}
