"""Statements put to the database with as little around them as can be.

Django's cursor costs as much as a small question to SQLite. Where nobody counts or logs statements, SQLite is asked
directly; errors are Django's all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection


def rows_of(sql: str, values: Sequence[Any]) -> list[Any]:
    """All rows of a statement, whose gaps are `%s`."""
    if connection.vendor == "sqlite" and not _is_watched():
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            return list(connection.connection.execute(_with_marks(sql), values).fetchall())
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def altered(sql: str, values: Sequence[Any]) -> int:
    """How many rows a statement altered."""
    if connection.vendor == "sqlite" and not _is_watched():
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            return int(connection.connection.execute(_with_marks(sql), values).rowcount)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _is_watched() -> bool:
    """Whether statements are counted or logged, or there is no connection yet."""
    return bool(connection.queries_logged or connection.execute_wrappers or connection.connection is None)


@lru_cache(maxsize=2048)
def _with_marks(sql: str) -> str:
    return (sql % (("?",) * sql.count("%s"))) if "%" in sql else sql
