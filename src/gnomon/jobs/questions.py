"""Questions to the database that are asked with every request: worded once, answered without the wording again.

Django takes ten times as long to put a query into words as SQLite to answer it. A `Question` is an ordinary query
of which some values are left open; its words, and what turns rows into records, are kept for each sort of database.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators

from gnomon.jobs.asking import among, rows_of, this_connection

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Open:
    """A value that is not known yet."""

    name: str


@dataclass(frozen=True, slots=True)
class _Worded:
    sql: str
    values: tuple[Any, ...]
    read: Callable[[list[Any]], list[Any]]
    tables: frozenset[str] = frozenset()


class Question(Generic[Row]):
    """A query with open values: `Question(lambda number: Person.objects.filter(number=number))`.

    Its parameters stand where values do; moments are given as milliseconds, relations by their keys. It answers what
    the query would: records, with those that it selects beside them, or the tuples of `values_list`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._worded: dict[str, _Worded] = {}

    def all(self, **values: Any) -> list[Row]:
        """All rows of the answer."""
        here = this_connection()
        worded = self._worded.get(here.vendor) or self._word()
        given = [values[value.name] if type(value) is _Open else value for value in worded.values]
        rows = rows_of(worded.sql, given, often=True, here=here)
        return worded.read(rows) if rows else []

    def first(self, **values: Any) -> Row | None:
        """The first row in the order of the query, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def tables(self) -> frozenset[str]:
        """The tables that it reads."""
        return (self._worded.get(this_connection().vendor) or self._word()).tables

    def _word(self) -> _Worded:
        names = inspect.signature(self._build).parameters
        query = self._build(**{name: Value(_Open(name)) for name in names})
        compiler = query.query.get_compiler(using=query.db)
        sql, values = compiler.as_sql()
        records = issubclass(query._iterable_class, ModelIterable)
        read = _reader_of_records(compiler, query.db) if records else _reader_of_rows(compiler)
        joined = query.query.alias_map
        tables = frozenset(joined[alias].table_name for alias, used in query.query.alias_refcount.items() if used)
        worded = self._worded[this_connection().vendor] = _Worded(sql, tuple(values), read, tables)
        return worded


def _reader_of_rows(compiler: Any) -> Callable[[list[Any]], list[Any]]:
    converters = compiler.get_converters([chosen[0] for chosen in compiler.select])
    return lambda rows: [tuple(row) for row in compiler.apply_converters(rows, converters)]


def _reader_of_records(compiler: Any, alias: str) -> Callable[[list[Any]], list[Any]]:
    """As Django's own `ModelIterable`, with all that does not depend on the rows done beforehand."""
    select, about = compiler.select, compiler.klass_info
    converters = compiler.get_converters([chosen[0] for chosen in select])
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [chosen[0].target.attname for chosen in select[first:last]]
    beside = get_related_populators(about, select, alias)  # type: ignore[call-arg]  # the stubs are of a later Django
    make = about["model"].from_db

    def read(rows: list[Any]) -> list[Any]:
        made = []
        for row in compiler.apply_converters(rows, converters):
            one = make(alias, names, row[first:last])
            for populator in beside:
                populator.populate(row, one)
            made.append(one)
        return made

    return read


class OfKeys(Generic[Row]):
    """Whole records by their keys: a query for all of them, worded once, of which only those are read."""

    def __init__(self, query: Callable[[], QuerySet[Any, Row]]) -> None:
        self._query = query
        self._worded: dict[str, _Worded] = {}

    def all(self, keys: Sequence[int]) -> list[Row]:
        """The records in the order of the keys; what is gone is left out."""
        if not keys:
            return []
        here = this_connection()
        worded = self._worded.get(here.vendor) or self._word()
        these, values = among(keys)
        rows = rows_of(worded.sql + these, values, often=True, here=here)
        found = {row.pk: row for row in worded.read(rows)}
        return [found[key] for key in keys if key in found]

    def _word(self) -> _Worded:
        query = self._query().order_by()
        compiler = query.query.get_compiler(using=query.db)
        sql, values = compiler.as_sql()
        assert not values, "A question for all records has no values yet."
        assert " WHERE " not in sql, "A question for all records has no condition yet."
        meta: Any = query.model._meta
        quote = this_connection().ops.quote_name
        key = f"{quote(meta.db_table)}.{quote(meta.pk.column)}"
        worded = _Worded(f"{sql} WHERE {key}", (), _reader_of_records(compiler, query.db))
        self._worded[this_connection().vendor] = worded
        return worded
