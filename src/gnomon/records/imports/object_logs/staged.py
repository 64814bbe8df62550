"""What an object-centric log says, in one small database: types, events, objects, their values and ties.

A value is text beside the sort that its type declares: string, time, integer, float or boolean.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.imports.refusals import UnreadableFile

EVENT, OBJECT = "event", "object"
STRING, TIME, INTEGER, FLOAT, BOOLEAN = SORTS = ("string", "time", "integer", "float", "boolean")
LONGEST_VALUE = 1_000_000
AT_ONCE = 1000
TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;
CREATE TABLE type (what TEXT, name TEXT, declared INTEGER, PRIMARY KEY (what, name));
CREATE TABLE attribute (what TEXT, type TEXT, name TEXT, sort TEXT, declared INTEGER, PRIMARY KEY (what, type, name));
CREATE TABLE event (id TEXT PRIMARY KEY, type TEXT, time TEXT, at REAL, told TEXT);
CREATE TABLE object (id TEXT PRIMARY KEY, type TEXT, told TEXT);
CREATE TABLE state (object TEXT, name TEXT, time TEXT, value TEXT);
CREATE TABLE tie (event TEXT, object TEXT, qualifier TEXT);
CREATE TABLE kin (source TEXT, target TEXT, qualifier TEXT);
"""
INDEXES = """
CREATE INDEX ties_of_object ON tie (object); CREATE INDEX ties_of_event ON tie (event);
CREATE INDEX states_of_object ON state (object); CREATE INDEX kin_of_object ON kin (source);
"""
_TYPE = "INSERT INTO type VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET declared = max(declared, excluded.declared)"
_ATTRIBUTE = (
    "INSERT INTO attribute VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET sort = excluded.sort, declared = 1 WHERE excluded.declared"
)
Tie = tuple[str, str]
State = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Type:
    """A type of events or objects, with the sort of each of its attributes."""

    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: what it tells, and the objects that it is tied to, each with a qualifier."""

    id: str
    type: str
    time: str
    told: Mapping[str, str]
    ties: Sequence[Tie] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """An object: what it was and since when (name, time, value), and the objects that it is tied to."""

    id: str
    type: str
    states: Sequence[State] = ()
    ties: Sequence[Tie] = ()


class Staged:
    """A log as it is read or made; `name` is that of the file, for what has to be refused."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self.database, self.name = database, name
        self.told_twice = 0
        self._seen: set[tuple[str, ...]] = set()

    def begin(self) -> None:
        """Make the tables."""
        self.database.executescript(TABLES)

    def end(self) -> None:
        """All was told; what asks for it finds it by index."""
        self.database.commit()
        self.database.executescript(INDEXES)

    # --- told ---

    def declare(self, what: str, name: str, attributes: Mapping[str, str]) -> None:
        """A type and its attributes, as the log itself declares them."""
        self.database.execute(_TYPE, (what, name, 1))
        for attribute, sort in attributes.items():
            self.database.execute(_ATTRIBUTE, (what, name, attribute, sort if sort in SORTS else STRING, 1))

    def add_event(self, one: Happened, sorts: Mapping[str, str] | None = None) -> None:
        """An event; `sorts` are what its values look like, for attributes that nobody declares."""
        for name, value in one.told.items():
            self._bounded(one.id, name, value)
        self._typed(EVENT, one.type, one.told, sorts)
        found = self.database.execute(
            "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)",
            (one.id, one.type, one.time, moment_of(one.time), _json(one.told)),
        )
        if not found.rowcount:
            self.told_twice += 1
            return
        self.tie(((one.id, other, qualifier) for other, qualifier in one.ties))

    def add_object(self, one: Thing, sorts: Mapping[str, str] | None = None) -> None:
        """An object with all its states."""
        for name, _time, value in one.states:
            self._bounded(one.id, name, value)
        self._typed(OBJECT, one.type, {name: "" for name, _time, _value in one.states}, sorts)
        found = self.database.execute(
            "INSERT OR IGNORE INTO object VALUES (?, ?, ?)", (one.id, one.type, _json(_first_told(one.states)))
        )
        if not found.rowcount:
            self.told_twice += 1
            return
        if one.states:
            lines = ((one.id, *state) for state in one.states)
            self.database.executemany("INSERT INTO state VALUES (?, ?, ?, ?)", lines)
        self.join(((one.id, other, qualifier) for other, qualifier in one.ties))

    def tie(self, ties: Iterable[tuple[Any, ...]]) -> None:
        """Events to objects, each with a qualifier."""
        self.database.executemany("INSERT INTO tie VALUES (?, ?, ?)", ties)

    def join(self, ties: Iterable[tuple[Any, ...]]) -> None:
        """Objects to objects, each with a qualifier."""
        self.database.executemany("INSERT INTO kin VALUES (?, ?, ?)", ties)

    # --- asked ---

    def types(self, what: str) -> list[Type]:
        """The types of events or objects, in the order in which they were first told."""
        sorts: dict[str, dict[str, str]] = {}
        for type_, name, sort in self.database.execute(
            "SELECT type, name, sort FROM attribute WHERE what = ? ORDER BY rowid", (what,)
        ):
            sorts.setdefault(type_, {})[name] = sort
        names = self.database.execute("SELECT name FROM type WHERE what = ? ORDER BY rowid", (what,))
        return [Type(name, sorts.get(name, {})) for (name,) in names]

    def events(self, type_: str | None = None) -> Iterator[Happened]:
        """All events in the order in which they were told, or those of one type."""
        where, values = ("WHERE type = ?", (type_,)) if type_ is not None else ("", ())
        lines = self.database.execute(f"SELECT id, type, time, told FROM event {where} ORDER BY rowid", values)
        while some := lines.fetchmany(AT_ONCE):
            ties = self._of("SELECT event, object, qualifier FROM tie WHERE event IN", [line[0] for line in some])
            for name, kind, time, told in some:
                yield Happened(name, kind, time, json.loads(told), ties.get(name, ()))

    def objects(self, type_: str | None = None) -> Iterator[Thing]:
        """All objects in the order in which they were told, or those of one type."""
        where, values = ("WHERE type = ?", (type_,)) if type_ is not None else ("", ())
        lines = self.database.execute(f"SELECT id, type FROM object {where} ORDER BY rowid", values)
        while some := lines.fetchmany(AT_ONCE):
            names = [line[0] for line in some]
            states = self._of("SELECT object, name, time, value FROM state WHERE object IN", names)
            ties = self._of("SELECT source, target, qualifier FROM kin WHERE source IN", names)
            for name, kind in some:
                yield Thing(name, kind, states.get(name, ()), ties.get(name, ()))

    def _of(self, select: str, names: Sequence[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        marks = ", ".join("?" * len(names))
        for name, *rest in self.database.execute(f"{select} ({marks}) ORDER BY rowid", names):
            found.setdefault(name, []).append(tuple(rest))
        return found

    def _typed(self, what: str, type_: str, told: Mapping[str, str], sorts: Mapping[str, str] | None) -> None:
        """A type that occurs is there, and so are the attributes that it has."""
        if (what, type_) not in self._seen:
            self._seen.add((what, type_))
            self.database.execute(_TYPE, (what, type_, 0))
        for name in told:
            if (what, type_, name) not in self._seen:
                self._seen.add((what, type_, name))
                self.database.execute(_ATTRIBUTE, (what, type_, name, (sorts or {}).get(name, STRING), 0))

    def _bounded(self, of: str, name: str, value: str) -> None:
        if len(value) > LONGEST_VALUE:
            says = _(
                "%(file)s is no log that anybody needs: “%(name)s” of “%(of)s” is longer than a million characters."
            )
            raise UnreadableFile(says % {"file": self.name, "name": name[:80], "of": of[:80]})


def moment_of(text: str) -> float | None:
    """Seconds since 1970, for the order; None for what is no moment."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def said(value: Any) -> str:
    """A value as text that can be kept: no bytes that are no signs."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, bytes) else value.decode("utf-8", "replace")


def sort_of(value: Any) -> str:
    """What a value looks like."""
    if isinstance(value, bool):
        return BOOLEAN
    return INTEGER if isinstance(value, int) else FLOAT if isinstance(value, float) else STRING


def native(text: str, sort: str) -> Any:
    """A value as a number or a truth, where that says the very same; else as text."""
    try:
        if sort == INTEGER and str(int(text)) == text:
            return int(text)
        if sort == FLOAT and json.dumps(float(text)) == text and text[-1].isdigit():
            return float(text)
    except ValueError:
        return text
    return text == "true" if sort == BOOLEAN and text in {"true", "false"} else text


def quoted(name: str) -> str:
    """A name of a table or column as SQLite takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def _first_told(states: Sequence[State]) -> dict[str, str]:
    """The attributes of an object as they were first: what changed later stands with the events."""
    told: dict[str, str] = {}
    for name, _time, value in sorted(states, key=lambda one: moment_of(one[1]) or 0.0):
        told.setdefault(name, value)
    return told


def _json(told: Mapping[str, str]) -> str:
    return json.dumps(told, ensure_ascii=False)
