"""Lengths of time and moments in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NOTHING = "–"


def duration_words(length: timedelta | None, *, days: bool = True, parts: int = 2) -> str:
    """`1 d 4 h`: the two largest units, rounded down; with `days=False` hours run on, as working time must.

    A day of working time is as long as its calendar says, so the word would mislead there.
    """
    if length is None:
        return NOTHING
    seconds = int(abs(length).total_seconds())
    sign = "−" if length < timedelta(0) and seconds else ""
    units = []
    if days:
        count, seconds = divmod(seconds, 86_400)
        units.append((count, pgettext("duration", "%d d")))
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    units += [
        (hours, pgettext("duration", "%d h")),
        (minutes, pgettext("duration", "%d min")),
        (seconds, pgettext("duration", "%d s")),
    ]
    while len(units) > 1 and not units[0][0]:
        units.pop(0)
    said = [form % count for count, form in units[:parts] if count]
    return sign + " ".join(said or [units[-1][1] % 0])


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
    local = timezone.localtime(moment)
    if local.year == timezone.localtime(now).year:
        return date_format(local, pgettext("format of a moment this year", "j M, H:i"))
    return date_format(local, pgettext("format of a moment in another year", "j M Y, H:i"))


def date_words(day: date) -> str:
    return date_format(day, pgettext("format of a date", "j M Y"))


def moment_html(moment: datetime, now: datetime | None = None, *, relative: bool = False) -> SafeString:
    """A moment as `<time>`: local time to read, how long ago as its title (or the reverse)."""
    now = now or timezone.now()
    exact, gap = moment_words(moment, now), relative_words(moment, now)
    shown, title = (gap, exact) if relative else (exact, gap)
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, title, shown)
