"""Clocks as people read them: words, a colour and the length of a shadow on a scale."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.ui.durations import duration_words, moment_words
from gnomon.ui.icons import icon
from gnomon.ui.markup import html
from gnomon.ui.values import TimeLeft

# Shares of the target at which a clock turns; they are those of the usual thresholds.
NEAR, NEXT = 0.75, 0.9


def words(clock: TimeLeft) -> str:
    """What a clock says, without its title: `2 h 10 min left`."""
    if clock.left is None or clock.state in ("none", "cancelled"):
        return _bare(clock)
    return _form(clock) % {"duration": span(abs(clock.left))}


def _form(clock: TimeLeft) -> str:
    match clock.state, clock.is_late:
        case "met", _late:
            return _("met, %(duration)s to spare")
        case "missed", _late:
            return _("missed by %(duration)s")
        case "paused", False:
            return _("paused, %(duration)s left")
        case "paused", True:
            return _("paused, over by %(duration)s")
        case "running", True:
            return _("over by %(duration)s")
    return _("%(duration)s left")


def _bare(clock: TimeLeft) -> str:
    bare = {
        "running": pgettext("clock", "running"),
        "paused": pgettext("clock", "paused"),
        "met": pgettext("clock", "met"),
        "missed": pgettext("clock", "missed"),
        "none": _("no target"),
        "cancelled": pgettext("clock", "cancelled"),
    }
    return bare[clock.state]


def span(length: timedelta) -> str:
    """Working time as near as it matters at a glance: `74 h`, `2 h 10 min`, `40 s`; rounded down."""
    if length >= timedelta(hours=10):
        return duration_words(length, days=False, parts=1)
    if length >= timedelta(minutes=1):
        length -= length % timedelta(minutes=1)
    return duration_words(length, days=False)


def tone(clock: TimeLeft) -> str:
    """`late`, `next`, `near` or `calm` while it may still matter; `done` or `idle` when it does not."""
    if clock.state in ("none", "cancelled"):
        return "idle"
    if clock.state == "met":
        return "done"
    if clock.is_late:
        return "late"
    if clock.state == "paused":
        return "rest"
    share = clock.share or 0.0
    return "next" if share >= NEXT else "near" if share >= NEAR else "calm"


_ICONS = {"late": "clock-x", "next": "alert-triangle", "near": "hourglass", "calm": "clock", "rest": "clock-pause",
          "done": "clock-check", "idle": "clock-off"}  # fmt: skip


def chip(clock: TimeLeft, now: datetime | None = None) -> SafeString:
    """A clock in a list: icon, words, and how far the shadow has come."""
    now = now or timezone.now()
    look = tone(clock)
    # What was met is done: by how much is told to whoever points at it.
    said = pgettext("clock", "met") if clock.state == "met" else words(clock)
    titled = html('<span class="clock-name">{}</span> ', clock.title) if clock.title else ""
    return html(
        '<span class="clock clock-{}"{}{}>{}'
        '<span class="clock-words">{}<span data-clock-words>{}</span></span>{}</span>',
        look,
        _title(clock, now),
        _ticking(clock),
        icon(_ICONS[look]),
        titled,
        said,
        shadow(clock.share, look) if clock.share is not None and clock.state in ("running", "paused") else "",
    )


def shadow(share: float, look: str) -> SafeString:
    """The share of the target that has gone, as a bar over a scale marked at half, three quarters and nine tenths."""
    length = round(min(max(share, 0.0), 1.0) * 100, 1)
    return html(
        '<svg class="elapsed shadow-{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="scale" x="0" y="2" width="100" height="2"/><rect class="gone" x="0" y="1" width="{}" height="4"/>'
        '<path class="marks" d="M50 0v6M75 0v6M90 0v6"/></svg>',
        look,
        length,
    )


def _title(clock: TimeLeft, now: datetime) -> SafeString:
    if clock.state == "met":
        return html(' title="{}"', words(clock))
    if clock.due_at is None:
        return SafeString("")
    return html(' title="{}"', _("due %(moment)s") % {"moment": moment_words(clock.due_at, now)})


def _ticking(clock: TimeLeft) -> SafeString:
    """What the page needs to count on: whole seconds left, given only while working time passes."""
    if not clock.ticks or clock.state != "running" or clock.left is None:
        return SafeString("")
    return html(' data-left="{}"', clock.left // timedelta(seconds=1))
