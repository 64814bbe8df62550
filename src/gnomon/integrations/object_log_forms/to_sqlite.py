"""OCEL 2.0 as SQLite: a table for each type of event and object, and those that tie them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
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
    Staged,
    State,
    Thing,
    Type,
    moment_of,
    native,
    quoted,
)  # fmt: skip
from gnomon.records.refusals import Refused

PIECE = 1024 * 1024
BEGINNING = "1970-01-01T00:00:00Z"
COLUMNS = {STRING: "TEXT", TIME: "TIMESTAMP", INTEGER: "INTEGER", FLOAT: "REAL", BOOLEAN: "BOOLEAN"}
# Tables that a log has anyway: no type may take their names.
TAKEN = frozenset({"object", "map_type"})
MOST_COLUMNS = 1900
TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
    ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


def to_sqlite(staged: Staged) -> Iterator[bytes]:
    """The database, made on disk and then handed out in pieces."""
    with TemporaryDirectory(prefix="gnomon-ocel-") as folder:
        place = Path(folder) / "log.sqlite"
        with closing(sqlite3.connect(place)) as target:
            target.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + TABLES)
            _write(staged, target)
            target.commit()
        with place.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _write(staged: Staged, target: sqlite3.Connection) -> None:
    for one, table in _tables(target, EVENT, staged.types(EVENT)):
        names = ("ocel_id", "ocel_time", *one.attributes)
        lines = (
            (event.id, event.time, *(_value(event.told.get(name), sort) for name, sort in one.attributes.items()))
            for event in staged.events(one.name)
        )
        _insert(target, table, names, lines)
    for one, table in _tables(target, OBJECT, staged.types(OBJECT)):
        names = ("ocel_id", "ocel_time", "ocel_changed_field", *one.attributes)
        _insert(target, table, names, (line for thing in staged.objects(one.name) for line in _lines(thing, one)))
    read = staged.database.execute
    for what in (EVENT, OBJECT):
        _insert(target, what, ("ocel_id", "ocel_type"), read(f"SELECT id, type FROM {what} ORDER BY rowid"))
    ties = "INSERT OR IGNORE INTO {} VALUES (?, ?, ?)"  # the same tie told twice is one
    target.executemany(ties.format("event_object"), read("SELECT event, object, qualifier FROM tie ORDER BY rowid"))
    target.executemany(ties.format("object_object"), read("SELECT source, target, qualifier FROM kin ORDER BY rowid"))


def _tables(target: sqlite3.Connection, what: str, types: Sequence[Type]) -> list[tuple[Type, str]]:
    """A table for each type, under a name that no other has however it is written."""
    taken, found = set(TAKEN), []
    for one in types:
        plain = re.sub(r"\W", "", one.name) or "type"
        name, at = plain, 1
        while name.lower() in taken:
            at += 1
            name = f"{plain}_{at}"
        taken.add(name.lower())
        fixed = ["ocel_id TEXT", "ocel_time TIMESTAMP", *(["ocel_changed_field TEXT"] if what == OBJECT else [])]
        own = [f"{quoted(attribute)} {COLUMNS[sort]}" for attribute, sort in _named_apart(one).items()]
        target.execute(f"CREATE TABLE {quoted(f'{what}_{name}')} ({', '.join([*fixed, *own])})")
        target.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (one.name, name))
        found.append((one, f"{what}_{name}"))
    return found


def _named_apart(one: Type) -> Mapping[str, str]:
    """The attributes, when a table can have them for columns."""
    lower = [name.lower() for name in one.attributes]
    if len(lower) > MOST_COLUMNS:
        says = _("SQLite has no room for the %(count)d attributes of “%(type)s”. Take JSON or XML.")
        raise Refused(says % {"count": len(lower), "type": one.name})
    for name in one.attributes:
        if not name or lower.count(name.lower()) > 1 or name.lower().startswith("ocel_"):
            says = _("SQLite cannot name the attribute “%(name)s” of “%(type)s”. Take JSON or XML.")
            raise Refused(says % {"name": name, "type": one.name})
    return one.attributes


def _lines(thing: Thing, of: Type) -> Iterator[tuple[Any, ...]]:
    """How an object began, then a line for each change."""
    first, changes = _beginning(thing.states)
    begun = next(iter(first.values()), (BEGINNING, ""))[0]
    told = {name: value for name, (_time, value) in first.items()}
    yield (thing.id, begun, None, *(_value(told.get(name), sort) for name, sort in of.attributes.items()))
    for name, time, value in changes:
        yield (
            thing.id,
            time,
            name,
            *(_value(value, sort) if name == own else None for own, sort in of.attributes.items()),
        )


def _beginning(states: Sequence[State]) -> tuple[dict[str, tuple[str, str]], list[State]]:
    """What was so from the beginning of time, by one way to write that; and all else."""
    first: dict[str, tuple[str, str]] = {}
    changes: list[State] = []
    written = ""
    for name, time, value in states:
        if moment_of(time) == 0 and name not in first and time == (written or time):
            written = time
            first[name] = (time, value)
        else:
            changes.append((name, time, value))
    return first, changes


def _value(text: str | None, sort: str) -> Any:
    if text is None:
        return None
    found = native(text, sort)
    # What is larger than SQLite's numbers is kept as text.
    return text if isinstance(found, int) and not -(2**63) <= found < 2**63 else found


def _insert(target: sqlite3.Connection, table: str, names: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join("?" * len(names))
    target.executemany(f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, names))}) VALUES ({marks})", lines)
