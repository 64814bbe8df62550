"""An event log from a file of anybody's: XES, OCEL 2.0 or CSV, plain or packed."""

from __future__ import annotations

import logging
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.evaluation.mining.events import EventLog, event_log
from gnomon.jobs.moments import milliseconds
from gnomon.records.imports.events import event_table
from gnomon.records.imports.findings import Finding, shown
from gnomon.records.imports.ocel import OcelTable
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import BAD_BYTES, TOO_LONG, TOO_NARROW, Row, Table
from gnomon.records.imports.xes import XesTable

CASE = ("case:concept:name", "case_id", "case", "caseid", "number", "案例", "案例编号", "编号", "工单编号")
ACTIVITY = ("concept:name", "activity", "event", "incident_state", "活动", "环节", "状态")
TIME = ("time:timestamp", "timestamp", "time", "complete timestamp", "sys_updated_at", "时间", "时间戳", "发生时间")
# A day of each zone is left at both ends: beyond them no calendar has a date to show.
SHOWABLE = range(milliseconds(datetime(1, 1, 2, tzinfo=UTC)), milliseconds(datetime(9999, 12, 31, tzinfo=UTC)))
DAY_DIGITS = len("20260105")
COMPACT_DIGITS, MINUTE_DIGITS, SECONDS_DIGITS = len("20260105090000"), len("202601050900"), len("1767603600")
# So many events are counted in memory in a few hundred megabytes; more belong into the ledger, by an import.
MOST_EVENTS = 5_000_000

NO_CASE = gettext_noop("Events without a case; they were left out.")
NO_ACTIVITY = gettext_noop("Events without an activity; they were left out.")
NO_TIME = gettext_noop("Events without a time; they were left out.")
NO_MOMENT = gettext_noop("Events whose time cannot be read; they were left out.")
TWO_WAYS = gettext_noop(
    "Events whose time is a number that can be meant in several ways, as a date, in seconds or in milliseconds; they "
    "were left out. Write times as 2026-01-05T09:00:00Z."
)
TWICE = gettext_noop("Events that stand there twice, with the same case, activity and time; they are counted twice.")
LEFT_OUT = frozenset({NO_CASE, NO_ACTIVITY, NO_TIME, NO_MOMENT, TWO_WAYS, TOO_NARROW, BAD_BYTES, TOO_LONG})
NO_ZONE = gettext_noop("Times that do not say their zone; they were read in the time zone of this installation.")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns tell an event, where that is said; `about` is the object type of an OCEL."""

    case: str = ""
    activity: str = ""
    time: str = ""
    about: str | None = ""


USUAL = Columns()


@dataclass
class Noticed:
    """What was wrong with so many rows, and the first of them."""

    text: str
    count: int = 0
    row: int = 0
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> str:
        return _(self.text) % self.facts if self.facts else _(self.text)


@dataclass(frozen=True, slots=True)
class FileLog:
    """What a file holds: the log, which columns told it, and what was noticed on the way."""

    log: EventLog
    form: str
    encoding: str
    columns: tuple[str, ...]
    used: Columns
    types: Mapping[str, int]  # objects of each type of an OCEL
    noticed: tuple[Noticed, ...]

    @property
    def left_out(self) -> int:
        """Events that could not be used."""
        return sum(one.count for one in self.noticed if one.text in LEFT_OUT)

    @property
    def duplicates(self) -> int:
        """Events that stand there twice."""
        return sum(one.count for one in self.noticed if one.text == TWICE)


class ColumnsUnknown(UnreadableFile):
    """The file is a table, and nobody can tell which of its columns are meant."""

    def __init__(self, says: str, columns: Sequence[str]) -> None:
        super().__init__(says)
        self.columns = tuple(columns)


class Unforeseen(UnreadableFile):
    """Reading failed in a way that nobody foresaw; what it was stands in the log of the program."""


@contextmanager
def ending_in_a_sentence(name: str) -> Iterator[None]:
    """Whatever fails inside is told as an UnreadableFile: nobody waits for what will not come."""
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as fault:
        logging.getLogger(__name__).exception("The log %s could not be read.", name)
        says = _(
            "%(file)s could not be read, for a reason that nobody foresaw: %(fault)s. Save it in another format, such as "
            "CSV, and try that; or ask an administrator to look into the log of the program."
        )
        raise Unforeseen(says % {"file": name, "fault": type(fault).__name__}) from fault


def log_from_file(path: Path, columns: Columns = USUAL, *, name: str = "") -> FileLog:
    """Read a log; columns are known by their usual names unless given.

    An event without case, activity or time is left out and counted. Events of the same case, activity and moment are
    kept, and counted too. UnreadableFile says what is wrong with the file as a whole.
    """
    table = event_table(path, columns.about)
    who, what, when = (
        _place(table.columns, given, usual, name or path.name)
        for given, usual in ((columns.case, CASE), (columns.activity, ACTIVITY), (columns.time, TIME))
    )
    reading = _Reading(name or path.name)
    for row in table.rows(reading.found):
        reading.take(row, row.cells[who].strip(), row.cells[what].strip(), row.cells[when].strip())
    log = reading.log()
    twice = _duplicates(log)
    if twice:
        reading.noticed[TWICE] = Noticed(TWICE, twice)
    about = table.about if isinstance(table, OcelTable) else ""
    return FileLog(
        log, _form(table), "" if isinstance(table, OcelTable) else table.text.encoding, table.columns,
        Columns(table.columns[who], table.columns[what], table.columns[when], about),
        table.types if isinstance(table, OcelTable) else {}, tuple(reading.noticed.values()),
    )  # fmt: skip


@dataclass
class _Reading:
    """Numbers for cases and activities as they come: their texts are kept once."""

    name: str
    cases: dict[str, int] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)
    of_case: array[int] = field(default_factory=lambda: array("q"))
    of_activity: array[int] = field(default_factory=lambda: array("q"))
    at: array[int] = field(default_factory=lambda: array("q"))
    noticed: dict[str, Noticed] = field(default_factory=dict)

    def take(self, row: Row, who: str, what: str, when: str) -> None:
        """One row, if it tells an event."""
        if not who or not what or not when:
            self._notice(NO_CASE if not who else NO_ACTIVITY if not what else NO_TIME, row.number)
            return
        moment, has_zone = _moment(when)
        if moment is None:
            self._notice(TWO_WAYS if _has_two_ways(when) else NO_MOMENT, row.number, when)
            return
        if not has_zone:
            self._notice(NO_ZONE, row.number, when)
        if len(self.at) >= MOST_EVENTS:
            says = _("%(file)s holds more than %(most)s events. Narrow it, or import it as records.")
            raise UnreadableFile(says % {"file": self.name, "most": f"{MOST_EVENTS:,}"})
        self.of_case.append(self.cases.setdefault(who, len(self.cases)))
        self.of_activity.append(self.activities.setdefault(what, len(self.activities)))
        self.at.append(moment)

    def found(self, finding: Finding) -> None:
        """What the table itself noticed."""
        self._notice(finding.text, finding.row, finding.value, finding.facts)

    def log(self) -> EventLog:
        case, activity, at = (np.array(column, np.int64) for column in (self.of_case, self.of_activity, self.at))
        return event_log(case, activity, at, list(self.cases), list(self.activities))

    def _notice(self, text: str, row: int, value: str = "", facts: Mapping[str, Any] | None = None) -> None:
        one = self.noticed.get(text)
        if one is None:
            one = self.noticed[text] = Noticed(text, 0, row, shown(value), dict(facts or {}))
        one.count += 1


def _form(table: Table) -> str:
    return "OCEL 2.0" if isinstance(table, OcelTable) else "XES" if isinstance(table, XesTable) else "CSV"


def _duplicates(log: EventLog) -> int:
    """How many events are told more than once; only those of one moment, which stand together, can be."""
    if len(log) < 2:
        return 0
    together = log.follows & (log.at[1:] == log.at[:-1])
    some = np.concatenate((together, [False])) | np.concatenate(([False], together))
    told = np.stack((log.case[some], log.activity[some], log.at[some]), axis=1)
    return len(told) - len(np.unique(told, axis=0))


def _place(columns: Sequence[str], given: str, usual: Sequence[str], name: str) -> int:
    if given:
        if given in columns:
            return columns.index(given)
        says = _("%(file)s has no column “%(column)s”. Columns: %(known)s.")
        raise ColumnsUnknown(says % {"file": name, "column": given, "known": _some(columns)}, columns)
    lower = [column.lower() for column in columns]
    for one in usual:
        if one in lower:
            return lower.index(one)
    says = _("%(file)s has no column called %(usual)s. Name the column yourself. Columns: %(known)s.")
    told = {"file": name, "usual": ", ".join(usual), "known": _some(columns)}
    raise ColumnsUnknown(says % told, columns)


def _some(columns: Sequence[str]) -> str:
    return ", ".join(columns[:30]) + (" …" if len(columns) > 30 else "")


def _moment(text: str) -> tuple[int | None, bool]:
    """Milliseconds of RFC 3339 text, of dates as spreadsheets write them, of `20260301093000`, or since 1970.

    And whether the text says its zone.
    """
    for read in _READERS:
        try:
            found, has_zone = read(text)
        except (ValueError, OverflowError):
            continue
        return (found, has_zone) if found in SHOWABLE else (None, False)
    return None, False


def _iso(text: str) -> tuple[int, bool]:
    if len(text) > DAY_DIGITS and text.isdigit():  # 1712011200000 would be the year 1712, with a 0 before the hour
        raise ValueError(text)
    found = datetime.fromisoformat(text.replace("/", "-") if text[4:5] == "/" else text)
    return milliseconds(found if found.tzinfo else _here(found)), found.tzinfo is not None


def _here(naive: datetime) -> datetime:
    return naive.replace(tzinfo=timezone.get_default_timezone())


def _day_first(text: str) -> tuple[int, bool]:
    return milliseconds(_here(datetime.strptime(text, "%d/%m/%Y %H:%M"))), False


def _spelled(text: str) -> tuple[int, bool]:
    """`2026年1月5日 09:00:00`, single digits as in `2026/1/5 9:00`, and UTC behind them; nothing else is passed by."""
    match = _SPELLED.fullmatch(text)
    if match is None:
        raise ValueError(text)
    *parts, utc = match.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    zone = UTC if utc else timezone.get_default_timezone()
    return milliseconds(datetime(year, month, day, hour, minute, second, tzinfo=zone)), bool(utc)


def _compact(text: str) -> tuple[int, bool]:
    if len(text) != COMPACT_DIGITS or not text.isdigit():
        raise ValueError(text)
    return milliseconds(_here(datetime.strptime(text, "%Y%m%d%H%M%S"))), False


def _plain(text: str) -> tuple[int, bool]:
    if not text.lstrip("-").isdigit() or len(text) > 15 or _has_two_ways(text):
        raise ValueError(text)
    if text.isdigit() and len(text) == COMPACT_DIGITS:  # no date, and milliseconds only from the year 2286 on
        raise ValueError(text)
    return int(text), True


def _has_two_ways(text: str) -> bool:
    """Whether digits are as well seconds since 1970, or a date down to the minute, as milliseconds.

    Milliseconds of today have thirteen digits; with ten they would be in January 1970, with twelve up to 2001.
    """
    if not text.isdigit():
        return False
    return len(text) == SECONDS_DIGITS or (len(text) == MINUTE_DIGITS and _MINUTE.fullmatch(text) is not None)


_MINUTE = re.compile(r"(?:19|20|21)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]")
_SPELLED = re.compile(
    r"([0-9]{4})[-/.年]\s?([0-9]{1,2})[-/.月]\s?([0-9]{1,2})日?(?:\s?(?:星期|周)[一二三四五六日天])?"
    r"(?:[T\s,]*([0-9]{1,2})[:.\uff1a时点](?:\s?([0-9]{1,2})(?:[:.\uff1a分]\s?([0-9]{1,2})秒?|分)?)?)?\s?(UTC|GMT|Z)?"
)
_READERS: Sequence[Callable[[str], tuple[int, bool]]] = (_iso, _day_first, _compact, _plain, _spelled)
