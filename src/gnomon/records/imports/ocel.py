"""Object-centric event logs in OCEL 2.0, in JSON, SQLite or XML: the events of the objects of one type as a table.

Each event of an object is a row, with the columns that XES names; attributes of the object are `case:…`, and other
objects of the event stand under the name of their type. The log goes through a database on disk, so that its size
is no matter and its order none either.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.records.imports.encodings import PIECE, Text
from gnomon.records.imports.findings import Finding, warning
from gnomon.records.imports.object_logs.from_json import from_json
from gnomon.records.imports.object_logs.from_sqlite import from_sqlite
from gnomon.records.imports.object_logs.from_xml import from_xml
from gnomon.records.imports.object_logs.staged import Staged
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.tables import Report, Row

LOOK = 4096
TWICE = gettext_noop("Events or objects whose name stands there twice: %(count)s; the first of each counts.")
NO_OBJECT = gettext_noop("Events that are tied to no object: %(count)s.")
NOWHERE = gettext_noop("Ties of events to objects that the log does not tell of: %(count)s.")
_LOOSE = {
    NO_OBJECT: "SELECT COUNT(*), MIN(id) FROM event e WHERE NOT EXISTS (SELECT 1 FROM tie t WHERE t.event = e.id)",
    NOWHERE: "SELECT COUNT(*), MIN(object) FROM tie t WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.id = t.object)",
}
SQLITE = b"SQLite format 3\0"
CASE, EVENT, ACTIVITY, TIME = "case:concept:name", "event:id", "concept:name", "time:timestamp"
_ROWS = (
    "SELECT o.id, o.told, e.id, e.type, e.time, e.told, e.rowid FROM tie t JOIN object o ON o.id = t.object "
    "JOIN event e ON e.id = t.event WHERE o.type = ? GROUP BY o.rowid, e.rowid ORDER BY o.rowid, e.at, e.rowid"
)
# How many objects each type has, the type that most events are tied to first.
_TYPES = (
    "SELECT o.type, COUNT(DISTINCT o.id) FROM object o LEFT JOIN tie t ON t.object = o.id "
    "GROUP BY o.type ORDER BY COUNT(t.event) DESC, o.type"
)
_BESIDE = (
    "SELECT o.type, o.id FROM tie t JOIN object o ON o.id = t.object WHERE t.event = ? AND o.type <> ? ORDER BY o.rowid"
)


# The first element within the log of OCEL 2.0 in XML, under whatever prefix; XES has traces there.
_PREFIX = rb"""(?:[^\s<>:/"'=]+:)?"""
_XML = re.compile(
    rb"<" + _PREFIX + rb"log\b[^>]*>(?:\s|<!--.*?-->)*<" + _PREFIX + rb"(?:object-types|event-types|objects|events)\b",
    re.S,
)


def is_ocel(begin: bytes) -> bool:
    """Whether a file that begins so is one: a database, JSON, or XML that tells of objects."""
    text = begin.replace(b"\0", b"") if begin[:2] in {b"\xff\xfe", b"\xfe\xff"} else begin
    return (
        begin.startswith(SQLITE)
        or text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"{")
        or _XML.search(text) is not None
    )


def read_object_log(path: Path, staged: Staged) -> None:
    """Read a log of any of the three formats, told by its content."""
    with opened(path) as file:
        begin = file.read(LOOK)
    staged.begin()
    if begin.startswith(SQLITE):
        with TemporaryDirectory(prefix="gnomon-ocel-") as folder:
            from_sqlite(_unpacked(path, Path(folder) / "source.sqlite3"), staged)
    elif begin.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        from_xml(path, staged)
    else:
        from_json(path, staged)
    staged.end()


def _unpacked(path: Path, place: Path) -> Path:
    """The database that the file is, unpacked if need be: SQLite reads no packed files."""
    with opened(path) as file, place.open("wb") as copy:
        shutil.copyfileobj(file, copy, PIECE)
    return place


class OcelTable:
    """The events of the objects of one type; the table keeps its database on disk as long as it lives."""

    def __init__(self, path: Path, about: str | None = "") -> None:
        self.path = path
        self._folder = TemporaryDirectory(prefix="gnomon-ocel-")
        self._place = Path(self._folder.name) / "log.sqlite3"
        with self._open() as database:
            staged = Staged(database, path.name)
            read_object_log(path, staged)
            self._findings = _findings(database, staged.told_twice)
            self.types = dict(database.execute(_TYPES))
            self.about = _chosen(path, self.types, about)
            self.columns = self._columns(database)
            count = database.execute(f"SELECT COUNT(*) FROM ({_ROWS})", (self.about,)).fetchone()[0]
        if not count:
            raise UnreadableFile(
                _("%(file)s holds no event of the objects “%(type)s”.") % {"file": path.name, "type": self.about}
            )
        self._text = Text(*_fingerprint(path), "ocel", lines=count)

    @property
    def text(self) -> Text:
        return self._text

    def rows(self, report: Report) -> Iterator[Row]:
        """Each event of each object, object by object, in the order of time; counted from 1."""
        for finding in self._findings:
            report(finding)
        place = {column: at for at, column in enumerate(self.columns)}
        with self._open() as database:
            for number, line in enumerate(database.execute(_ROWS, (self.about,)), 1):
                cells = [""] * len(self.columns)
                for key, value in self._cells(database, line):
                    at = place[key]
                    cells[at] = f"{cells[at]}, {value}" if cells[at] and key not in {CASE, EVENT} else value
                yield Row(number, cells)

    def column(self, at: int) -> Iterator[str]:
        """One cell of each row, for a first look."""
        for row in self.rows(lambda _finding: None):
            yield row.cells[at]

    def _cells(self, database: sqlite3.Connection, line: Sequence[Any]) -> Iterator[tuple[str, str]]:
        object_id, object_told, event_id, activity, time, event_told, _rowid = line
        yield from ((CASE, object_id), (EVENT, event_id), (ACTIVITY, activity), (TIME, time))
        for name, value in json.loads(object_told).items():
            yield f"case:{name}", value
        for name, value in json.loads(event_told).items():
            if name not in {CASE, EVENT, ACTIVITY, TIME}:
                yield name, value
        for kind, other in database.execute(_BESIDE, (event_id, self.about)):
            yield f"object:{kind}", other

    def _columns(self, database: sqlite3.Connection) -> tuple[str, ...]:
        """All that any object or event tells, once the fixed ones."""
        names = dict.fromkeys((CASE, EVENT, ACTIVITY, TIME))
        asked = (
            ("SELECT DISTINCT 'case:' || j.key FROM object o, json_each(o.told) j WHERE o.type = ?", (self.about,)),
            ("SELECT DISTINCT j.key FROM event e, json_each(e.told) j", ()),
            ("SELECT DISTINCT 'object:' || type FROM object WHERE type <> ?", (self.about,)),
        )
        for query, values in asked:
            names.update((name, None) for (name,) in database.execute(query, values))
        return tuple(names)

    def _open(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self._place))


def ocel_table(path: Path, about: str | None = "") -> OcelTable:
    """Open an object-centric log; `about` is the type of the objects whose courses are told.

    It is needed when there are several; None takes the one that most events are tied to.
    """
    return OcelTable(path, about)


def _findings(database: sqlite3.Connection, told_twice: int) -> list[Finding]:
    """What does not fit together in a log, each sort once with the first that it concerns."""
    found = [warning(TWICE, count=f"{told_twice:,}")] if told_twice else []
    for text, select in _LOOSE.items():
        count, example = database.execute(select).fetchone()
        if count:
            found.append(warning(text, 0, "", example or "", count=f"{count:,}"))
    return found


def _chosen(path: Path, types: Mapping[str, int], about: str | None) -> str:
    if not types:
        raise UnreadableFile(_("%(file)s holds no object. Is it an object-centric log?") % {"file": path.name})
    if about in types:
        return str(about)
    if len(types) == 1 or about is None:
        return next(iter(types))
    says = _("%(file)s tells of several types of objects: %(types)s. Say whose course you want.")
    raise UnreadableFile(says % {"file": path.name, "types": ", ".join(sorted(types)[:20])})


def _fingerprint(path: Path) -> tuple[str, int]:
    """SHA-256 and length of the unpacked bytes."""
    digest, size = hashlib.sha256(), 0
    with opened(path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size
