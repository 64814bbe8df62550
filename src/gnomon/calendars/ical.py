"""Exceptions of a calendar from iCalendar feeds, and as one: closed days and make-up workdays (调休补班)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.feed_events import DAY, Event, Spell, events, spells
from gnomon.calendars.feed_lines import escaped, folded, lines_of
from gnomon.calendars.hours import DAY as DAY_SECONDS
from gnomon.calendars.hours import Hours, Stretch, merged
from gnomon.calendars.zones import zone_named

# Only the summary counts: descriptions of holidays tell which other days are made up for.
_WORKDAY = re.compile(
    r"(?<![不无])(?<!无需|不用|不必)(?:补班|上班)"
    r"|(?<!非)工作日"
    r"|[(（\[【]班[)）\]】]"
    r"|(?<!non)(?<!non[- ])(?<!not a )(?<!no )\bwork(?:ing)?[ -]?day\b"
    r"|\bmake-?up[ -]day\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that says nothing of whole days; `template % facts` reads as a sentence with its line."""

    line: int
    template: str
    summary: str

    @property
    def facts(self) -> dict[str, object]:
        return {"line": self.line, "summary": self.summary}

    def __str__(self) -> str:
        return self.template % self.facts


@dataclass(slots=True)
class Feed:
    """What a feed says: for `Calendar.with_dates`. `open` with None means normal hours; `names` are for people."""

    closed: set[date] = field(default_factory=set)
    open: dict[date, Hours | None] = field(default_factory=dict)
    names: dict[date, str] = field(default_factory=dict)
    ignored: list[Ignored] = field(default_factory=list)


def is_workday(summary: str) -> bool:
    """Whether the title of an event announces a make-up workday (补班, 调休上班, workday) rather than a day off."""
    return _WORKDAY.search(summary) is not None


def read_feed(raw: bytes, *, time_zone: str, through: int | None = None) -> Feed:
    """The closed and open days of an iCalendar feed; FeedRefused names the line of a fault.

    A day that is both is open: a make-up workday is the rarer and the later statement.
    `through` is the last year to read of events that repeat without end.
    """
    zone = zone_named(time_zone)
    feed = Feed()
    for event in events(lines_of(raw)):
        if event.is_cancelled:
            _ignore(feed, event, "Line %(line)d: %(summary)s is cancelled, so it was left out.")
            continue
        for spell in spells(event, zone, through):
            if spell.start == spell.end:
                _ignore(feed, event, "Line %(line)d: %(summary)s lasts no time, so it was left out.")
            elif is_workday(event.summary):
                _open(feed, event, spell)
            else:
                _close(feed, event, spell)
    feed.closed -= feed.open.keys()
    return feed


def write_feed(
    calendar: Calendar, *, at: datetime, closed: str = "Closed 休", opened: str = "Make-up workday 补班"
) -> bytes:
    """A calendar's exceptions as an iCalendar feed that `read_feed` reads back; `at` is when it was made."""
    rows = [
        b"BEGIN:VCALENDAR\r\n",
        b"VERSION:2.0\r\n",
        b"PRODID:-//Gnomon//Calendars//EN\r\n",
        *([folded("X-WR-CALNAME", escaped(calendar.name))] if calendar.name else []),
        *(_written_day("closed", day, closed, at) for day in sorted(calendar.closed)),
    ]
    for day, hours in calendar.open:
        if hours is None:
            rows.append(_written_day("open", day, opened, at))
        else:
            rows += (_written_stretch(calendar, day, stretch, opened, at) for stretch in hours)
    return b"".join([*rows, b"END:VCALENDAR\r\n"])


def _open(feed: Feed, event: Event, spell: Spell) -> None:
    for day, stretch in _by_day(spell):
        feed.names[day] = event.summary
        if spell.whole_days:
            feed.open.setdefault(day, None)
        else:  # said hours are more than the hours of a normal day
            feed.open[day] = merged([*(feed.open.get(day) or ()), stretch])


def _close(feed: Feed, event: Event, spell: Spell) -> None:
    for day, stretch in _by_day(spell):
        if stretch == (0, DAY_SECONDS):
            feed.closed.add(day)
            feed.names.setdefault(day, event.summary)
        else:
            _ignore(feed, event, "Line %(line)d: %(summary)s closes only a part of a day, so it was left out.")


def _ignore(feed: Feed, event: Event, template: str) -> None:
    feed.ignored.append(Ignored(event.line, template, event.summary))


def _by_day(spell: Spell) -> Iterator[tuple[date, Stretch]]:
    midnight = datetime.combine(spell.start.date(), time())
    while midnight < spell.end:
        start, end = max(spell.start, midnight) - midnight, min(spell.end, midnight + DAY) - midnight
        yield midnight.date(), (start // _SECOND, end // _SECOND)
        midnight += DAY


def _written_day(kind: str, day: date, summary: str, at: datetime) -> bytes:
    return _written(
        f"{kind}-{day}",
        summary,
        at,
        folded("DTSTART;VALUE=DATE", f"{day:%Y%m%d}") + folded("DTEND;VALUE=DATE", f"{day + DAY:%Y%m%d}"),
    )


def _written_stretch(calendar: Calendar, day: date, stretch: Stretch, summary: str, at: datetime) -> bytes:
    zone = zone_named(calendar.time_zone)
    midnight = datetime.combine(day, time(), zone)
    start, end = ((midnight + timedelta(seconds=seconds)).astimezone(UTC) for seconds in stretch)
    return _written(
        f"open-{day}-{stretch[0]}",
        summary,
        at,
        folded("DTSTART", f"{start:%Y%m%dT%H%M%SZ}") + folded("DTEND", f"{end:%Y%m%dT%H%M%SZ}"),
    )


def _written(uid: str, summary: str, at: datetime, when: bytes) -> bytes:
    return b"".join(
        [
            b"BEGIN:VEVENT\r\n",
            folded("UID", f"{uid}@gnomon"),
            folded("DTSTAMP", f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"),
            when,
            folded("SUMMARY", escaped(summary)),
            b"END:VEVENT\r\n",
        ]
    )


_SECOND = timedelta(seconds=1)
