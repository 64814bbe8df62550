"""Rows put in and altered as `Model.save` does, with the statement worded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DatabaseError, models, transaction

from gnomon.jobs.asking import altered, rows_of, this_connection
from gnomon.jobs.moments import MomentField


class Column(NamedTuple):
    """A field, and the type of value that the database takes as it stands."""

    field: Any
    name: str
    plain: type | None


def insert(row: models.Model) -> None:
    """Store a new row; it gets its key. No signals are sent, for nobody in the house listens to any."""
    here = this_connection()
    sql, columns = _insertion(type(row), here.vendor)
    with transaction.mark_for_rollback_on_error(using=here.alias):
        _is_stored(row, rows_of(sql, _values(row, columns, here, add=True), often=True, here=here)[0][0], here)


def insert_unless_there(row: models.Model) -> bool:
    """The same, unless a rule of uniqueness is in the way: then nothing happens, and the answer is False."""
    here = this_connection()
    sql, columns = _insertion(type(row), here.vendor, " ON CONFLICT DO NOTHING")
    with transaction.mark_for_rollback_on_error(using=here.alias):
        stored = rows_of(sql, _values(row, columns, here, add=True), often=True, here=here)
    if stored:
        _is_stored(row, stored[0][0], here)
    return bool(stored)


def update(row: models.Model, names: tuple[str, ...]) -> None:
    """Write these fields of a row that is there; DatabaseError when it is not."""
    if not update_where(row, names):
        raise DatabaseError(f"{type(row).__name__} {row.pk} is gone; nothing was written.")


def update_where(row: models.Model, names: tuple[str, ...], condition: str = "", values: Sequence[Any] = ()) -> bool:
    """Write these fields of a row where it is there and the condition holds; whether it did."""
    here = this_connection()
    sql, columns = _alteration(type(row), names, here.vendor, condition)
    with transaction.mark_for_rollback_on_error(using=here.alias):
        return bool(altered(sql, [*_values(row, columns, here, add=False), row.pk, *values], here))


def _is_stored(row: models.Model, key: Any, here: Any) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, here.alias


def _values(row: models.Model, columns: Sequence[Column], here: Any, *, add: bool) -> list[Any]:
    """What the database is given; most values as they stand, for asking each field takes longer than storing them."""
    known, values = row.__dict__, []
    for field, name, plain in columns:
        value = known.get(name, known)
        if plain is not None and (value is None or type(value) is plain):
            values.append(value)
        elif value is None and type(field) is MomentField:
            values.append(None)
        else:
            values.append(field.get_db_prep_save(field.pre_save(row, add), here))
    return values


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], _vendor: str, unless: str = "") -> tuple[str, tuple[Column, ...]]:
    meta: Any = model._meta
    quote = this_connection().ops.quote_name
    fields = tuple(field for field in meta.concrete_fields if not isinstance(field, models.AutoField))
    names, gaps = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    returned = f"RETURNING {quote(meta.pk.column)}"
    sql = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({gaps}){unless} {returned}"
    return sql, tuple(map(_column, fields))


@lru_cache(maxsize=1024)
def _alteration(
    model: type[models.Model], names: tuple[str, ...], _vendor: str, condition: str
) -> tuple[str, tuple[Column, ...]]:
    meta: Any = model._meta
    quote = this_connection().ops.quote_name
    fields = tuple(meta.get_field(name) for name in names)
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s{condition}"
    return sql, tuple(map(_column, fields))


def _column(field: Any) -> Column:
    plain = next((kind for usual, kind in _PLAIN.items() if type(field) is usual), None)
    return Column(field, field.attname, plain)


# Fields of these very classes change nothing of such a value on its way to the database.
_PLAIN: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str, models.TextField: str, models.BooleanField: bool, models.IntegerField: int,
    models.BigIntegerField: int, models.PositiveIntegerField: int, models.PositiveSmallIntegerField: int,
    models.ForeignKey: int,
}  # fmt: skip
