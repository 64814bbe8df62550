"""OCEL 2.0 into one small database of events, objects and ties, out of JSON or out of SQLite."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.imports.encodings import examine
from gnomon.records.imports.json_parts import BrokenJson, parts_of
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile

TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TABLE event (id TEXT PRIMARY KEY, type TEXT, time TEXT, at REAL, told TEXT);
CREATE TABLE object (id TEXT PRIMARY KEY, type TEXT, told TEXT);
CREATE TABLE tie (event TEXT, object TEXT, qualifier TEXT);
"""
_EVENT = "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)"
_OBJECT = "INSERT OR IGNORE INTO object VALUES (?, ?, ?)"
_TIE = "INSERT INTO tie VALUES (?, ?, ?)"
_PLAIN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
NEEDED = frozenset({"event", "object", "event_object", "event_map_type", "object_map_type"})


def from_json(path: Path, database: sqlite3.Connection) -> None:
    """Read a log in JSON, piece by piece; UnreadableFile says where it breaks."""
    text = examine(path)
    known = False
    try:
        with opened(path) as raw:
            raw.read(text.bom)
            file = io.TextIOWrapper(raw, text.encoding, "surrogateescape")
            for key, part in parts_of(file):
                known |= key in {"events", "objects", "eventTypes", "objectTypes"}
                if key == "events" and isinstance(part, dict):
                    _json_event(part, database)
                elif key == "objects" and isinstance(part, dict):
                    database.execute(_OBJECT, (_said(part.get("id")), _said(part.get("type")), _first_told(part)))
    except BrokenJson as fault:
        says = _("%(file)s is no whole JSON: it breaks after %(at)s characters.")
        raise UnreadableFile(says % {"file": path.name, "at": f"{fault.at:,}"}) from fault
    if not known:
        raise UnreadableFile(_("%(file)s holds no objects and events of OCEL 2.0.") % {"file": path.name})


def _json_event(part: Mapping[str, Any], database: sqlite3.Connection) -> None:
    name, time = _said(part.get("id")), _said(part.get("time"))
    told = {_said(one.get("name")): _said(one.get("value")) for one in _dicts(part.get("attributes"))}
    database.execute(_EVENT, (name, _said(part.get("type")), time, _at(time), _json(told)))
    ties = (
        (name, _said(one.get("objectId")), _said(one.get("qualifier"))) for one in _dicts(part.get("relationships"))
    )
    database.executemany(_TIE, ties)


def _first_told(part: Mapping[str, Any]) -> str:
    """The attributes of an object as they were first: what changed later stands with the events."""
    told: dict[str, str] = {}
    for one in sorted(_dicts(part.get("attributes")), key=lambda one: _at(_said(one.get("time"))) or 0.0):
        told.setdefault(_said(one.get("name")), _said(one.get("value")))
    return _json(told)


def from_sqlite(name: str, path: Path, database: sqlite3.Connection) -> None:
    """Read a log in SQLite; the file is only read, and nothing in it is run."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        source.execute("PRAGMA trusted_schema=OFF")
        source.execute("PRAGMA cell_size_check=ON")
        tables = {name for (name,) in source.execute(_PLAIN_TABLES)}
        if not tables >= NEEDED:
            raise UnreadableFile(_("%(file)s is a database, but no log in OCEL 2.0.") % {"file": name})
        for what, write in (("event", _write_events), ("object", _write_objects)):
            for kind, mapped in source.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type").fetchall():
                if f"{what}_{mapped}" in tables:
                    write(_said(kind), _lines(source, f"{what}_{mapped}"), database)
            # Those of which no table tells more are there all the same.
            write("", _bare(source, what), database)
        database.executemany(
            _TIE, source.execute("SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object")
        )
    except sqlite3.DatabaseError as fault:
        says = _("%(file)s is a damaged database: %(why)s. Fetch it again.")
        raise UnreadableFile(says % {"file": name, "why": fault}) from fault
    finally:
        source.close()


def _lines(source: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    quoted = table.replace('"', '""')
    found = source.execute(f'SELECT * FROM "{quoted}"')
    names = [column[0] for column in found.description]
    for line in found:
        yield dict(zip(names, line, strict=True))


def _bare(source: sqlite3.Connection, what: str) -> Iterator[dict[str, Any]]:
    for name, kind in source.execute(f"SELECT ocel_id, ocel_type FROM {what}"):
        yield {"ocel_id": name, "ocel_type": kind}


def _write_events(kind: str, lines: Iterable[dict[str, Any]], database: sqlite3.Connection) -> None:
    for line in lines:
        time = _said(line.get("ocel_time"))
        row = (_said(line.get("ocel_id")), kind or _said(line.get("ocel_type")), time, _at(time), _own(line))
        database.execute(_EVENT, row)


def _write_objects(kind: str, lines: Iterable[dict[str, Any]], database: sqlite3.Connection) -> None:
    """An object has a line for each change; the first is how it began."""
    for line in sorted(lines, key=lambda one: _said(one.get("ocel_time"))) if kind else lines:
        database.execute(_OBJECT, (_said(line.get("ocel_id")), kind or _said(line.get("ocel_type")), _own(line)))


def _own(line: Mapping[str, Any]) -> str:
    """What a line tells beside what OCEL itself needs."""
    told = {name: _said(value) for name, value in line.items() if not name.startswith("ocel_") and value is not None}
    return _json(told)


def _at(text: str) -> float | None:
    """Seconds since 1970, for the order; None for what is no moment."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _said(value: Any) -> str:
    """A value as text that can be kept: no bytes that are no signs."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, bytes) else value.decode("utf-8", "replace")


def _json(told: Mapping[str, str]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
