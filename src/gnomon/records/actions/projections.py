"""Columns and rows that follow from the ledger, and of which it does not speak: put them, or hold them against it.

What derives them (`Kind.rebuild`) says into what: `KEPT` writes, a `Compared` writes nothing, or only what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.db import connection

from gnomon.jobs.asking import rows_of
from gnomon.records.models import Record

Raw = tuple[Any, ...]  # as the database holds it


class Differing(NamedTuple):
    """A kept value or row that is not what the ledger says."""

    number: str
    what: str
    kept: Any
    derived: Any


class Table(Protocol):
    """A table of rows beside records, each of one record and called something of its own."""

    def put(self, numbers: Sequence[str], rows: Iterable[Any]) -> None:
        """Keep these rows of these records, and no others."""

    def kept(self, numbers: Sequence[str]) -> Iterator[tuple[str, str, Raw]]:
        """Number, name and raw columns of each row of these records."""

    def raw(self, row: Any) -> tuple[str, str, Raw]:
        """The same of a row that was derived."""


class Into(Protocol):
    """Where what was derived goes."""

    def columns(self, names: Sequence[str], records: Sequence[Any], changed: Sequence[Any]) -> None:
        """These columns of records, as they stand in memory; of some they were otherwise when the record was read."""

    def rows(self, table: Table, numbers: Sequence[str], rows: Iterable[Any]) -> None:
        """All rows that a table is to have of these records."""


class _Kept:
    def columns(self, names: Sequence[str], records: Sequence[Any], changed: Sequence[Any]) -> None:
        put_projections(names, changed)

    def rows(self, table: Table, numbers: Sequence[str], rows: Iterable[Any]) -> None:
        table.put(numbers, rows)


KEPT: Into = _Kept()


@dataclass
class Compared:
    """Notes what differs; with `mend` it is put right as well."""

    mend: bool = False
    differing: list[Differing] = field(default_factory=list)

    def columns(self, names: Sequence[str], records: Sequence[Any], changed: Sequence[Any]) -> None:
        if not records:
            return
        before = len(self.differing)
        model, by_key = type(records[0]), {record.pk: record for record in records}
        fields = [model._meta.get_field(name) for name in names]
        columns = ", ".join(connection.ops.quote_name(one.column) for one in fields)
        marks = ", ".join(["%s"] * len(records))
        # Raw, for Django reads as a plain no what is neither yes nor no.
        found = rows_of(f"SELECT id, {columns} FROM {model._meta.db_table} WHERE id IN ({marks})", list(by_key))
        for key, *kept in found:
            for name, there, derived in zip(names, kept, _raw(fields, by_key[key]), strict=True):
                if there != derived:
                    self.differing.append(Differing(by_key[key].number, name, there, derived))
        if self.mend and len(self.differing) > before:
            put_projections(names, records)

    def rows(self, table: Table, numbers: Sequence[str], rows: Iterable[Any]) -> None:
        rows = list(rows)
        derived = {raw[:2]: raw[2] for raw in map(table.raw, rows)}
        kept = {raw[:2]: raw[2] for raw in table.kept(numbers)}
        differing = [key for key in sorted({*kept, *derived}) if kept.get(key) != derived.get(key)]
        self.differing += [Differing(*key, kept.get(key), derived.get(key)) for key in differing]
        if self.mend and differing:
            table.put(numbers, rows)


def put_projections(names: Sequence[str], records: Sequence[Record]) -> None:
    """Write these columns of the records as they stand in memory, in one prepared statement."""
    if not records:
        return
    model = type(records[0])
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(one.column)} = %s" for one in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {assigned} WHERE id = %s",
            [[*_raw(fields, record), record.pk] for record in records],
        )


def _raw(fields: Sequence[Any], record: Record) -> list[Any]:
    return [one.get_db_prep_save(getattr(record, one.attname), connection) for one in fields]
