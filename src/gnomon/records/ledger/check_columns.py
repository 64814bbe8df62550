"""Rows of one kind as they stand in the database, held against what the ledger says of them."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import compress
from operator import is_not, ne
from typing import Any

import msgspec
from django.db import connection, models

from gnomon.jobs.moments import MomentField, moment
from gnomon.records.facts import blank, fact, ledgered
from gnomon.records.kinds import Kind
from gnomon.records.ledger.canonical import NotCanonical, canonical
from gnomon.records.ledger.reading import rows
from gnomon.records.models.record import Record

PAGE = 1_000  # records read at once, with all their entries
_FIRST = 4  # columns before those that the ledger speaks of
_decode = msgspec.json.Decoder().decode

Row = tuple[Any, ...]
Referred = Mapping[int, Mapping[Any, str]]  # place of a column → key → number of the record it refers to


class Columns:
    """How the rows of one kind are read, and what of them is not as the ledger says.

    They are read as they stand: making a moment or a mapping of each cell takes longer than all the rest, and nearly
    every cell is what it should be.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.fields = ledgered(kind.model)
        self.blank = {field.name: blank(field) for field in self.fields}
        self.names = [field.name for field in self.fields]
        self._readers = [_reader(field) for field in self.fields]
        self._places = range(len(self.fields))
        quote = connection.ops.quote_name
        named = ["id", "number", "version", "recorded_at", *(str(field.column) for field in self.fields)]
        self._read = f"SELECT {', '.join(map(quote, named))} FROM {quote(kind.model._meta.db_table)} "

    def block(self, after: int) -> tuple[int, int] | None:
        """Number and last key of the block in which the next row lies; blocks are the same whoever reads them."""
        first = self.kind.model._base_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True).first()
        return None if first is None else (first // PAGE, first // PAGE * PAGE + PAGE - 1)

    def page(self, first: int, last: int) -> list[Row]:
        """The rows with these keys and all between."""
        return rows(f"{self._read} WHERE id >= %s AND id <= %s ORDER BY id", [first, last])

    def referred(self, present: Sequence[Row]) -> Referred:
        """For each column that refers to records, their numbers by key."""
        found = {}
        for place, field in enumerate(self.fields):
            target = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(target, type) and issubclass(target, Record):
                keys = {key for row in present if type(key := row[_FIRST + place]) is int}
                known = target._base_manager.filter(pk__in=keys).values_list("pk", "number") if keys else ()
                found[place] = dict(known)
        return found

    def differing(self, row: Row, known: Mapping[str, Any], referred: Referred) -> Iterator[tuple[str, Any]]:
        """The names of the fields that are not what the ledger says, each with what stands there."""
        values, should = list(row[_FIRST:]), list(map(known.__getitem__, self.names))
        for place, numbers in referred.items():
            values[place] = numbers.get(values[place], values[place])
        # Types too, because to Python true is 1.
        doubtful = {
            *compress(self._places, map(ne, values, should)),
            *compress(self._places, map(is_not, map(type, values), map(type, should))),
        }
        for place in sorted(doubtful):
            there = self._readers[place](values[place])
            if not _same(there, should[place]):
                yield self.names[place], there


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """A cell as the ledger would say it; what it cannot be is left as it stands, and so is named."""
    if isinstance(field, MomentField):
        return _moment
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DecimalField):
        return _decimal
    return _fact


def _moment(value: Any) -> Any:
    return fact(moment(value)) if type(value) is int else _fact(value)


def _json(value: Any) -> Any:
    try:
        return _decode(value) if isinstance(value, str) else _fact(value)
    except ValueError:
        return value


def _decimal(value: Any) -> Any:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return _fact(value)


def _fact(value: Any) -> Any:
    try:
        return fact(value)
    except TypeError:
        return repr(value)


def _same(there: Any, known: Any) -> bool:
    if type(there) is str and type(known) is str:
        return there == known
    if isinstance(there, Decimal):
        try:
            return known is not None and Decimal(str(known)) == there
        except InvalidOperation:
            return False
    try:
        # As bytes, because to Python true is 1 and [true] is [1]; to the ledger they are not.
        return canonical(there) == canonical(known)
    except NotCanonical:
        return False
