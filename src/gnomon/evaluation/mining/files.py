"""An event log from a file of anybody's: XES, OCEL 2.0 or CSV, plain or packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from gnomon.evaluation.mining.events import EventLog, coded, event_log
from gnomon.jobs.moments import milliseconds
from gnomon.records.imports.events import event_table
from gnomon.records.imports.refusals import UnreadableFile

CASE = ("case:concept:name", "case_id", "case", "caseid", "number")
ACTIVITY = ("concept:name", "activity", "event", "incident_state")
TIME = ("time:timestamp", "timestamp", "time", "complete timestamp", "sys_updated_at")


@dataclass(frozen=True, slots=True)
class FileLog:
    """What a file holds: the log, events that could not be used, and events that stand there twice."""

    log: EventLog
    left_out: int
    duplicates: int


def log_from_file(path: Path, *, about: str = "", case: str = "", activity: str = "", time: str = "") -> FileLog:
    """Read a log; columns are known by their usual names unless given, and `about` is the object type of an OCEL.

    An event without case, activity or time is left out and counted. Events of the same case, activity and moment are
    kept, and counted too. UnreadableFile says what is wrong with the file as a whole.
    """
    table = event_table(path, about)
    places = [
        _place(table.columns, given, usual, path)
        for given, usual in ((case, CASE), (activity, ACTIVITY), (time, TIME))
    ]  # fmt: skip
    cases, activities, moments = [], [], []
    left_out = 0
    for row in table.rows(lambda _finding: None):
        who, what, when = (row.cells[at].strip() for at in places)
        moment = _moment(when)
        if not who or not what or moment is None:
            left_out += 1
            continue
        cases.append(who)
        activities.append(what)
        moments.append(moment)
    of_case, names = coded(cases)
    of_activity, titles = coded(activities)
    at = np.array(moments, np.int64)
    log = event_log(of_case, of_activity, at, names, titles)
    return FileLog(log, left_out, _duplicates(log))


def _duplicates(log: EventLog) -> int:
    """How many events are told more than once."""
    if not len(log):
        return 0
    told = np.stack((log.case, log.activity, log.at), axis=1)
    return int(len(told) - len(np.unique(told, axis=0)))


def _place(columns: Sequence[str], given: str, usual: Sequence[str], path: Path) -> int:
    if given:
        if given in columns:
            return columns.index(given)
        says = _("%(file)s has no column “%(column)s”. Columns: %(known)s.")
        raise UnreadableFile(says % {"file": path.name, "column": given, "known": ", ".join(columns)})
    lower = [column.lower() for column in columns]
    for name in usual:
        if name in lower:
            return lower.index(name)
    says = _("%(file)s has no column called %(usual)s. Name the column yourself. Columns: %(known)s.")
    raise UnreadableFile(says % {"file": path.name, "usual": ", ".join(usual), "known": ", ".join(columns)})


def _moment(text: str) -> int | None:
    """Milliseconds of RFC 3339 text, of a day-first date as spreadsheets write it, or of milliseconds since 1970."""
    for read in _READERS:
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    return None


def _iso(text: str) -> int:
    found = datetime.fromisoformat(text)
    return milliseconds(found if found.tzinfo else found.replace(tzinfo=UTC))


def _day_first(text: str) -> int:
    return milliseconds(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC))


def _plain(text: str) -> int:
    if not text.lstrip("-").isdigit():
        raise ValueError(text)
    return int(text)


_READERS: Sequence[Callable[[str], int]] = (_iso, _day_first, _plain)
