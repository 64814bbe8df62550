"""Many kinds asked in one statement: rows of their queries, and whole records by their keys.

What is asked of every kind is asked once, so that a house with a hundred kinds asks no more often than one with ten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from gnomon.jobs.asking import rows_of
from gnomon.records.kinds import Kind

T = TypeVar("T", bound=Hashable)
_WRITTEN = (models.DateField, models.TimeField, models.DecimalField, models.UUIDField)  # as text in JSON


def rows_together(queries: Mapping[T, models.QuerySet[Any, Any]]) -> dict[T, list[tuple[Any, ...]]]:
    """The rows of several queries, which choose as many values of the same types: numbers and texts as they are kept."""
    names, parts = list(queries), []
    given: list[Any] = []
    for place, query in enumerate(queries.values()):
        try:
            sql, values = query.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {place} AS place, part{place}.* FROM ({sql}) AS part{place}")
        given += values
    found: dict[T, list[tuple[Any, ...]]] = {name: [] for name in names}
    for place, *row in rows_of(" UNION ALL ".join(parts), given) if parts else ():
        found[names[place]].append(tuple(row))
    return found


def records_together(keys: Mapping[Kind, Sequence[int]]) -> dict[Kind, list[Any]]:
    """Whole records of several kinds, those of each in the order of their keys; what is gone is left out."""
    asked = {kind: some for kind, some in keys.items() if some}
    parts = [
        f"SELECT {place}, {_whole(kind, connection.vendor)} ({', '.join(['%s'] * len(some))})"
        for place, (kind, some) in enumerate(asked.items())
    ]
    rows = rows_of(" UNION ALL ".join(parts), [key for some in asked.values() for key in some]) if parts else []
    found: dict[Kind, dict[int, Any]] = {kind: {} for kind in asked}
    for place, text in rows:
        kind = list(asked)[place]
        record = _reader(kind, connection.vendor)(text)
        found[kind][record.pk] = record
    return {kind: [found[kind][key] for key in some if key in found[kind]] for kind, some in asked.items()}


def one_of(keys: Iterable[int]) -> RawSQL:
    """Many keys as one value, for `pk__in`: SQLite then looks up these records and no others.

    With the keys written out it reads all that another filter lets through instead, as all that is new.
    """
    given = ",".join(map(str, keys))  # drivers are slow with thousands of values
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (f"{{{given}}}",))
    return RawSQL("SELECT value FROM json_each(%s)", (f"[{given}]",))


def one_of_numbers(numbers: Iterable[str]) -> RawSQL:
    """Many numbers of records as one value, for `number__in`: a statement has room for few."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", (list(numbers),))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(list(numbers)),))


def text_of(*names: str) -> Concat:
    """The texts of some fields, one after the other."""
    apart = [part for name in names for part in (models.Value(" "), Cast(name, models.TextField()))]
    return Concat(models.Value(""), *apart, output_field=models.TextField())


@cache
def _whole(kind: Kind, vendor: str) -> str:
    """The values of a record as JSON, and where they come from, but for its keys."""
    quoted, fields = connection.ops.quote_name, kind.model._meta.concrete_fields
    columns = [quoted(str(field.column)) for field in fields]
    table, key = quoted(kind.model._meta.db_table), quoted("id")
    if vendor != "postgresql":
        return f"json_array({', '.join(columns)}) FROM {table} WHERE {key} IN"
    # As text what JSON would round, or what Django reads as text itself.
    types = [str(field.db_type(connection)) for field in fields]
    kept = ("jsonb", "numeric")
    values = [
        f"{name}::text AS {name}" if type_.startswith(kept) else name
        for name, type_ in zip(columns, types, strict=True)
    ]
    return f"row_to_json(part)::text FROM (SELECT {', '.join(values)} FROM {table}) AS part WHERE part.{key} IN"


@cache
def _reader(kind: Kind, vendor: str) -> Callable[[str], Any]:
    """What makes a record of its values, as Django does of a row."""
    query, fields = kind.model._base_manager.all(), kind.model._meta.concrete_fields
    names = [field.attname for field in fields]
    compiler: Any = query.query.get_compiler(using=query.db)
    converters = compiler.get_converters([field.get_col(kind.model._meta.db_table) for field in fields])

    def read(text: str) -> Any:
        known = json.loads(text)
        if vendor == "postgresql":
            known = [_typed(field, known[str(field.column)]) for field in fields]
        (values,) = compiler.apply_converters([known], converters)
        return kind.model.from_db(query.db, names, values)

    return read


def _typed(field: models.Field[Any, Any], value: Any) -> Any:
    """What PostgreSQL's driver gives for a value that JSON has as text."""
    return field.to_python(value) if value is not None and isinstance(field, _WRITTEN) else value
