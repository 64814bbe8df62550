"""OCEL 2.0 out of SQLite: the file is only read, and nothing in it is run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.imports.object_logs.staged import (
    BOOLEAN,
    EVENT,
    FLOAT,
    INTEGER,
    OBJECT,
    STRING,
    TIME,
    Happened,
    Staged,
    State,
    Thing,
    quoted,
    said,
)  # fmt: skip
from gnomon.records.imports.refusals import UnreadableFile

_PLAIN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
}
KIN = ("ocel_source_id", "ocel_target_id", "ocel_qualifier")
# By the part of its name that a column's type begins with, as SQLite itself goes by parts of names.
SORTS = {"TIME": TIME, "DATE": TIME, "INT": INTEGER, "BIGINT": INTEGER, "REAL": FLOAT, "DOUB": FLOAT, "FLOA": FLOAT,
         "NUM": FLOAT, "DEC": FLOAT, "BOOL": BOOLEAN}  # fmt: skip


def from_sqlite(path: Path, staged: Staged) -> None:
    """Read a log; UnreadableFile names the table or the column that is missing."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        source.execute("PRAGMA trusted_schema=OFF")
        source.execute("PRAGMA cell_size_check=ON")
        _Source(source, staged).read()
    except sqlite3.DatabaseError as fault:
        says = _("%(file)s is a damaged database: %(why)s. Fetch it again.")
        raise UnreadableFile(says % {"file": staged.name, "why": fault}) from fault
    finally:
        source.close()


class _Source:
    """The tables of a log, asked by their names."""

    def __init__(self, source: sqlite3.Connection, staged: Staged) -> None:
        self.source, self.staged = source, staged
        self.tables = {name for (name,) in source.execute(_PLAIN_TABLES)}

    def read(self) -> None:
        for table, columns in NEEDED.items():
            self._require(table, columns)
        for kind, mapped in self._maps(EVENT):
            self._events(kind, f"event_{mapped}")
        for kind, mapped in self._maps(OBJECT):
            self._objects(kind, f"object_{mapped}")
        # Those of which no table tells more are there all the same.
        for name, kind in self._unknown(EVENT):
            self.staged.add_event(Happened(name, kind, "", {}))
        for name, kind in self._unknown(OBJECT):
            self.staged.add_object(Thing(name, kind))
        self.staged.tie(self._ties("event_object", NEEDED["event_object"]))
        if "object_object" in self.tables:
            self._require("object_object", KIN)
            self.staged.join(self._ties("object_object", KIN))

    def _require(self, table: str, columns: tuple[str, ...]) -> None:
        if table not in self.tables:
            says = _("%(file)s is a database, but no log in OCEL 2.0: it has no table “%(table)s”.")
            raise UnreadableFile(says % {"file": self.staged.name, "table": table})
        known = self._columns(table)
        missing = [name for name in columns if name not in known]
        if missing:
            says = _("%(file)s is no log in OCEL 2.0: its table “%(table)s” has no column “%(column)s”.")
            raise UnreadableFile(says % {"file": self.staged.name, "table": table, "column": missing[0]})

    def _maps(self, what: str) -> list[tuple[str, str]]:
        """Each type that has a table of its own, with the end of its name."""
        found = []
        for kind, mapped in self.source.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type").fetchall():
            table = f"{what}_{said(mapped)}"
            if table not in self.tables or table in NEEDED or table == "object_object":
                self.staged.declare(what, said(kind), {})
                continue
            self._require(table, ("ocel_id", "ocel_time"))
            columns = self._columns(table)
            own = {name: _sort(declared) for name, declared in columns.items() if not name.startswith("ocel_")}
            self.staged.declare(what, said(kind), own)
            found.append((said(kind), said(mapped)))
        return found

    def _columns(self, table: str) -> dict[str, str]:
        return {said(line[1]): said(line[2]) for line in self.source.execute(f"PRAGMA table_info({quoted(table)})")}

    def _events(self, kind: str, table: str) -> None:
        sorts = self._sorts(table)
        for line in self._lines(f"SELECT * FROM {quoted(table)}"):
            told = {name: _value(value, sorts[name]) for name, value in _own(line).items()}
            self.staged.add_event(Happened(said(line["ocel_id"]), kind, said(line["ocel_time"]), told))

    def _objects(self, kind: str, table: str) -> None:
        """An object has a line for how it began, and one for each change."""
        sorts = self._sorts(table)
        lines = self._lines(f"SELECT * FROM {quoted(table)} ORDER BY ocel_id, ocel_time, rowid")
        for name, some in groupby(lines, key=itemgetter("ocel_id")):
            states: list[State] = []
            for line in some:
                changed, own = said(line.get("ocel_changed_field")), _own(line)
                told = {changed: own[changed]} if changed in own else own
                states += [(key, said(line["ocel_time"]), _value(value, sorts[key])) for key, value in told.items()]
            self.staged.add_object(Thing(said(name), kind, states))

    def _sorts(self, table: str) -> dict[str, str]:
        return {name: _sort(declared) for name, declared in self._columns(table).items()}

    def _lines(self, select: str) -> Iterator[dict[str, Any]]:
        found = self.source.execute(select)
        names = [said(column[0]) for column in found.description]
        for line in found:
            yield dict(zip(names, line, strict=True))

    def _unknown(self, what: str) -> Iterator[tuple[str, str]]:
        for name, kind in self.source.execute(f"SELECT ocel_id, ocel_type FROM {what}"):
            told = self.staged.database.execute(f"SELECT 1 FROM {what} WHERE id = ?", (said(name),)).fetchone()
            if told is None:
                yield said(name), said(kind)

    def _ties(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for line in self.source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid"):
            yield tuple(said(value) for value in line)


def _own(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a line tells beside what OCEL itself needs."""
    return {name: value for name, value in line.items() if not name.startswith("ocel_") and value is not None}


def _sort(declared: str) -> str:
    upper = declared.upper()
    return next((sort for part, sort in SORTS.items() if upper.startswith(part)), STRING)


def _value(value: Any, sort: str) -> str:
    if sort == BOOLEAN and value in (0, 1):
        return "true" if value else "false"
    return said(value)
