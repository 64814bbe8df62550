"""Lengths of time and moments in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gnomon.ui.markup import html

NOTHING = "–"


def duration_words(length: timedelta | None, *, days: bool = True, parts: int = 2) -> str:
    """`1 d 4 h`: the two largest units, rounded down; with `days=False` hours run on, as working time must.

    A day of working time is as long as its calendar says, so the word would mislead there.
    """
    if length is None:
        return NOTHING
    seconds = int(abs(length).total_seconds())
    sign = "−" if length < timedelta(0) and seconds else ""
    lengths = _SECONDS if days else _SECONDS[1:]
    counts = []
    for unit in lengths:
        count, seconds = divmod(seconds, unit)
        counts.append(count)
    units = _units(get_language() or "")[-len(lengths) :]
    first = next((at for at, count in enumerate(counts) if count), len(counts) - 1)
    shown = range(first, min(first + parts, len(counts)))
    return sign + " ".join(units[at] % counts[at] for at in shown if counts[at] or at == len(counts) - 1 == first)


_SECONDS = (86_400, 3_600, 60, 1)


@lru_cache(maxsize=16)
def _units(language: str) -> tuple[str, ...]:
    """The forms of days, hours, minutes and seconds; a list asks for them hundreds of times."""
    return (
        pgettext("duration", "%d d"),
        pgettext("duration", "%d h"),
        pgettext("duration", "%d min"),
        pgettext("duration", "%d s"),
    )


def relative_words(moment: datetime, now: datetime) -> str:
    """`3 h ago`, `in 2 d`, `just now`."""
    gap = now - moment
    if abs(gap) < timedelta(minutes=1):
        return _("just now")
    words = duration_words(abs(gap), parts=1)
    if gap > timedelta(0):
        return _("%(duration)s ago") % {"duration": words}
    return _("in %(duration)s") % {"duration": words}


def moment_words(moment: datetime, now: datetime) -> str:
    """Date and time of day in the reader's zone; the year only when it is another one."""
    zone = timezone.get_current_timezone()
    local = moment.astimezone(zone)
    day = _day_words(local.date(), local.year == now.astimezone(zone).year, get_language() or "")
    return f"{day}{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=2048)
def _day_words(day: date, this_year: bool, language: str) -> str:
    """The part of a moment before its time of day; the rows of a list share few days."""
    if this_year:
        return date_format(day, pgettext("day of a moment this year, before the time", "j M, "))
    return date_format(day, pgettext("day of a moment in another year, before the time", "j M Y, "))


def date_words(day: date) -> str:
    return date_format(day, pgettext("format of a date", "j M Y"))


def moment_html(moment: datetime, now: datetime | None = None, *, relative: bool = False) -> SafeString:
    """A moment as `<time>`: local time to read, how long ago as its title (or the reverse)."""
    now = now or timezone.now()
    exact, gap = moment_words(moment, now), relative_words(moment, now)
    shown, title = (gap, exact) if relative else (exact, gap)
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return html('<time datetime="{}" title="{}">{}</time>', stamp, title, shown)
