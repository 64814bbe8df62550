"""Rows put in and altered as `Model.save` does, with the statement worded once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection, models, transaction


def insert(row: models.Model) -> None:
    """Store a new row; it gets its key. No signals are sent, for nobody in the house listens to any."""
    sql, fields = _insertion(type(row), connection.vendor)
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, [f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def insert_unless_there(row: models.Model) -> bool:
    """The same, unless a rule of uniqueness is in the way: then nothing happens, and the answer is False."""
    sql, fields = _insertion(type(row), connection.vendor, " ON CONFLICT DO NOTHING")
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, [f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields])
        stored = cursor.fetchone()
    if stored is None:
        return False
    row.pk = stored[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


def update(row: models.Model, names: tuple[str, ...]) -> None:
    """Write these fields of a row that is there; DatabaseError when it is not."""
    sql, fields = _alteration(type(row), names, connection.vendor)
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, [*(f.get_db_prep_save(f.pre_save(row, False), connection) for f in fields), row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"{type(row).__name__} {row.pk} is gone; nothing was written.")


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], _vendor: str, unless: str = "") -> tuple[str, tuple[Any, ...]]:
    meta: Any = model._meta
    quote = connection.ops.quote_name
    fields = tuple(field for field in meta.concrete_fields if not isinstance(field, models.AutoField))
    names, gaps = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    returned = f"RETURNING {quote(meta.pk.column)}"
    return f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({gaps}){unless} {returned}", fields


@lru_cache(maxsize=1024)
def _alteration(model: type[models.Model], names: tuple[str, ...], _vendor: str) -> tuple[str, tuple[Any, ...]]:
    meta: Any = model._meta
    quote = connection.ops.quote_name
    fields = tuple(meta.get_field(name) for name in names)
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    return f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s", fields
