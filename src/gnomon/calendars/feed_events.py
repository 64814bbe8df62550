"""The events of an iCalendar feed: when they are in local time, and on which dates they repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from gnomon.calendars.feed_lines import Line
from gnomon.calendars.instants import FIRST_YEAR, LAST_YEAR
from gnomon.calendars.refusals import CalendarRefused, FeedRefused
from gnomon.calendars.zones import zone_named

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)

_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII
)
_WINDOWS_ZONES = {"China Standard Time": "Asia/Shanghai"}  # what Outlook writes in China
_KEPT = {"SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS", "RECURRENCE-ID"}


@dataclass(slots=True)
class Event:
    """A VEVENT as it stands in the feed."""

    line: int
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def one(self, name: str) -> Line | None:
        """The only line of this name, if there is any."""
        found = self.lines.get(name, [])
        if len(found) > 1:
            raise FeedRefused("Line %(line)d: the event has a second %(name)s.", line=found[1].number, name=name)
        return found[0] if found else None

    @property
    def summary(self) -> str:
        found = self.lines.get("SUMMARY")
        return found[0].text.strip() if found else ""

    @property
    def is_cancelled(self) -> bool:
        return any(line.value.strip().upper() == "CANCELLED" for line in self.lines.get("STATUS", []))


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of local wall time; whole days run from midnight to midnight."""

    start: datetime
    end: datetime
    whole_days: bool


def events(lines: Iterable[Line]) -> Iterator[Event]:
    """The events of a feed in order; FeedRefused when components are not nested properly."""
    nested: list[str] = []
    event: Event | None = None
    last = 0
    for line in lines:
        last = line.number
        if line.name == "BEGIN":
            nested.append(line.value.strip().upper())
            if nested[0] != "VCALENDAR":
                raise _no_calendar(line.number)
            if nested[-1] == "VEVENT":
                event = Event(line.number)
        elif not nested:
            raise _no_calendar(line.number)
        elif line.name == "END":
            if line.value.strip().upper() != nested[-1]:
                raise FeedRefused(
                    "Line %(line)d ends %(found)s where %(open)s is open.",
                    line=last, found=line.value.strip(), open=nested[-1],
                )  # fmt: skip
            if nested.pop() == "VEVENT" and event is not None:
                yield event
                event = None
        elif event is not None and nested[-1] == "VEVENT" and line.name in _KEPT:
            event.lines.setdefault(line.name, []).append(line)
    if nested:
        raise FeedRefused("The feed breaks off after line %(line)d: %(open)s is not ended.", line=last, open=nested[-1])
    if last == 0:
        raise _no_calendar(1)


def _no_calendar(line: int) -> FeedRefused:
    return FeedRefused("Line %(line)d: this is no iCalendar feed; it has to begin with BEGIN:VCALENDAR.", line=line)


def spells(event: Event, zone: tzinfo, through: int | None) -> Iterator[Spell]:
    """When an event happens: once, or yearly up to the year `through`."""
    first = _first_spell(event, zone)
    for name, what in (("RDATE", "extra dates"), ("RECURRENCE-ID", "a change to one repetition")):
        if strange := event.lines.get(name):
            raise FeedRefused(
                "Line %(line)d has %(what)s (%(name)s), which is not understood; write such days as events of their own.",
                line=strange[0].number, name=name, what=what,
            )  # fmt: skip
    rule = event.one("RRULE")
    if rule is None:
        yield first
        return
    left_out = {
        _moment(line, text, zone)[0].date() for line in event.lines.get("EXDATE", []) for text in line.value.split(",")
    }
    for start in _yearly(rule, first.start, zone, through):
        if start.date() not in left_out:
            yield Spell(start, start + (first.end - first.start), first.whole_days)


def _first_spell(event: Event, zone: tzinfo) -> Spell:
    start_line, end_line, length = event.one("DTSTART"), event.one("DTEND"), event.one("DURATION")
    if start_line is None:
        raise FeedRefused("Line %(line)d: the event has no start (DTSTART).", line=event.line)
    start, whole = _moment(start_line, start_line.value, zone)
    if end_line is not None:
        end, ends_whole = _moment(end_line, end_line.value, zone)
        if ends_whole != whole:
            raise FeedRefused("Line %(line)d: the end is not of the same kind as the start.", line=end_line.number)
    elif length is not None:
        end = start + _duration(length)
    else:
        end = start + DAY if whole else start
    last = end_line or length or start_line
    if whole and end == start:
        end = start + DAY  # some writers repeat the start of a one-day event
    if end < start or (whole and end.time() != time()):
        raise FeedRefused("Line %(line)d: the event ends before it starts or within a day.", line=last.number)
    if end - start > LONGEST:
        raise FeedRefused(
            "Line %(line)d: the event lasts %(days)d days, which is more than a year; correct its end.",
            line=last.number, days=(end - start).days,
        )  # fmt: skip
    return Spell(start, end, whole)


def _moment(line: Line, text: str, zone: tzinfo) -> tuple[datetime, bool]:
    """A wall time in `zone` and whether it is a whole day."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        if match[2] is None:
            local, whole = datetime.strptime(match[1], "%Y%m%d"), True
        else:
            local, whole = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S"), False
        if not FIRST_YEAR < local.year < LAST_YEAR:
            raise ValueError
    except ValueError:
        raise FeedRefused(
            "Line %(line)d: %(text)s is no date of an event; expected as 20260104 or 20260104T090000Z.",
            line=line.number, text=repr(text[:40]),
        ) from None  # fmt: skip
    if whole or not (match[3] or "TZID" in line.parameters):
        return local, whole
    return local.replace(tzinfo=UTC if match[3] else _zone(line)).astimezone(zone).replace(tzinfo=None), False


def _zone(line: Line) -> tzinfo:
    name = line.parameters["TZID"]
    try:
        return zone_named(_WINDOWS_ZONES.get(name, name))
    except CalendarRefused:
        raise FeedRefused(
            "Line %(line)d: the time zone %(zone)s is not known; use a name such as Asia/Shanghai.",
            line=line.number, zone=repr(name),
        ) from None  # fmt: skip


def _duration(line: Line) -> timedelta:
    match = _DURATION.fullmatch(line.value.strip())
    if match is None or not any(match.groups()):
        raise FeedRefused(
            "Line %(line)d: %(text)s is no duration; expected as P1D or PT8H.",
            line=line.number, text=repr(line.value[:40]),
        )  # fmt: skip
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _yearly(rule: Line, first: datetime, zone: tzinfo, through: int | None) -> Iterator[datetime]:
    parts = dict(part.upper().partition("=")[::2] for part in rule.value.strip().rstrip(";").split(";"))
    same_day = (parts.pop("BYMONTH", str(first.month)), parts.pop("BYMONTHDAY", str(first.day)))
    frequency, interval, count = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1"), parts.pop("COUNT", "")
    until_text = parts.pop("UNTIL", "")
    parts.pop("WKST", None)
    numbers = all(re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) for text in (interval, count or "1", *same_day))
    if frequency != "YEARLY" or parts or not numbers or tuple(map(int, same_day)) != (first.month, first.day):
        raise FeedRefused(
            "Line %(line)d: the repetition %(rule)s is not understood; only the same date every year is."
            " Write the days as events of their own.",
            line=rule.number, rule=rule.value[:80],
        )  # fmt: skip
    until = None
    if until_text:
        moment, whole = _moment(rule, until_text, zone)
        until = moment + DAY - timedelta(seconds=1) if whole else moment
    if not count and until is None and through is None:
        raise FeedRefused(
            "Line %(line)d repeats every year without end; say through which year to read it.", line=rule.number
        )
    yield from _anniversaries(
        first, int(interval), int(count or LAST_YEAR), until, min(through or LAST_YEAR, LAST_YEAR)
    )


def _anniversaries(
    first: datetime, interval: int, count: int, until: datetime | None, through: int
) -> Iterator[datetime]:
    for year in range(first.year, through + 1, interval):
        try:
            day = date(year, first.month, first.day)
        except ValueError:  # 29 February: only in leap years
            continue
        start = datetime.combine(day, first.time())
        if count == 0 or (until is not None and start > until):
            return
        yield start
        count -= 1
