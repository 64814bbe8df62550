"""Rows that speak of one record, brought together in the order of the file, wherever they stand in it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter

import msgspec
from django.utils.translation import gettext_noop

from gnomon.records.imports.findings import error
from gnomon.records.imports.tables import Report, Row, Table

NO_KEY = gettext_noop("The row does not say to which record it belongs: “%(column)s” is empty.")
KEY_TOO_LONG = gettext_noop("“%(column)s” has %(length)d characters; a number elsewhere has at most 200.")
TWICE = gettext_noop("“%(key)s” stood in row %(row)d already; only the first row was taken.")
LONGEST_KEY = 200
IN_MEMORY = 50_000


@dataclass(frozen=True, slots=True)
class Case:
    """All rows of one record, in the order of the file."""

    key: str
    rows: list[Row]

    @property
    def first_row(self) -> int:
        return self.rows[0].number


def one_by_one(table: Table, key: int | None, digest: RowDigest, report: Report) -> Iterator[Case]:
    """Each row is a record; a second row with the same number is reported and left out."""
    seen: dict[str, int] = {}
    for row in table.rows(report):
        # Without a number the row itself is what tells it from others.
        name = f"row:{digest([row])[:16].hex()}" if key is None else row.cells[key].strip()
        if key is not None and not _is_key(name, table.columns[key], row, report):
            continue
        if name in seen:
            report(error(TWICE, row.number, "" if key is None else table.columns[key], key=name, row=seen[name]))
            continue
        seen[name] = row.number
        yield Case(name, [row])


def brought_together(table: Table, key: int, report: Report) -> Iterator[Case]:
    """The rows of each record together; records come in the order of their first rows."""
    if _is_together(table, key):
        return _runs(table, key, report)
    return _gathered(table, key, report)


def _is_together(table: Table, key: int) -> bool:
    """Whether the rows of each record follow one another throughout the file."""
    seen: set[str] = set()
    last = None
    for cell in table.column(key):
        if cell != last:
            name = cell.strip()
            if name in seen:
                return False
            seen.add(name)
            last = cell
    return True


def _runs(table: Table, key: int, report: Report) -> Iterator[Case]:
    last, rows = None, list[Row]()
    for row in table.rows(report):
        name = row.cells[key].strip()
        if name != last:
            if rows:
                yield Case(str(last), rows)
                rows = []
            last = name
        if _is_key(name, table.columns[key], row, report):
            rows.append(row)
    if rows:
        yield Case(str(last), rows)


def _gathered(table: Table, key: int, report: Report) -> Iterator[Case]:
    held: dict[str, list[Row]] = {}
    count = 0
    rows = table.rows(report)
    for row in rows:
        name = row.cells[key].strip()
        if _is_key(name, table.columns[key], row, report):
            held.setdefault(name, []).append(row)
            count += 1
        if count >= IN_MEMORY:
            yield from _spilled(held, rows, key, table, report)
            return
    for name, together in held.items():
        yield Case(name, together)


def _spilled(held: dict[str, list[Row]], rest: Iterator[Row], key: int, table: Table, report: Report) -> Iterator[Case]:
    """Sort on disk what is too much for the memory."""
    place = {name: at for at, name in enumerate(held)}

    def written() -> Iterator[tuple[int, int, bytes]]:
        for name, together in held.items():
            for row in together:
                yield place[name], row.number, msgspec.msgpack.encode(row.cells)
        held.clear()
        for row in rest:
            name = row.cells[key].strip()
            if _is_key(name, table.columns[key], row, report):
                yield place.setdefault(name, len(place)), row.number, msgspec.msgpack.encode(row.cells)

    handle, path = tempfile.mkstemp(prefix="gnomon-import-", suffix=".sqlite3")
    os.close(handle)
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode=OFF")
        database.execute("PRAGMA synchronous=OFF")
        database.execute("CREATE TABLE lines (place INTEGER, row INTEGER, cells BLOB)")
        database.executemany("INSERT INTO lines VALUES (?, ?, ?)", written())
        names = list(place)
        decode = msgspec.msgpack.Decoder(list[str]).decode
        together: list[Row] = []
        at: int | None = None
        for where, number, cells in database.execute("SELECT place, row, cells FROM lines ORDER BY place, row"):
            if where != at and together:
                yield Case(names[at or 0], together)
                together = []
            at = where
            together.append(Row(number, decode(cells)))
        if together:
            yield Case(names[at or 0], together)
    finally:
        database.close()
        os.unlink(path)


def _is_key(name: str, column: str, row: Row, report: Report) -> bool:
    if not name:
        report(error(NO_KEY, row.number, column, column=column))
    elif len(name) > LONGEST_KEY:
        report(error(KEY_TOO_LONG, row.number, column, name, column=column, length=len(name)))
    else:
        return True
    return False


@dataclass(frozen=True, slots=True)
class RowDigest:
    """The fingerprint of rows: of the columns that matter, by name, so that their order does not."""

    chosen: Callable[[list[str]], tuple[str, ...]]

    def __call__(self, rows: list[Row]) -> bytes:
        chosen = self.chosen
        text = "\x1e".join(["\x1f".join(chosen(row.cells)) for row in rows])
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def row_digest(columns: tuple[str, ...], used: set[int]) -> RowDigest:
    order = sorted(used, key=lambda at: columns[at])
    if len(order) == 1:
        only = order[0]
        return RowDigest(lambda cells: (cells[only],))
    return RowDigest(itemgetter(*order))
