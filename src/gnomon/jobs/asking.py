"""Statements put to the database with as little around them as can be.

Django's cursor costs as much as a small question to SQLite. Where nobody counts or logs statements, SQLite is asked
directly; errors are Django's all the same. PostgreSQL keeps the plans of what is put to it often: to plan a record with
all that it points to takes it longer than to find them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def rows_of(sql: str, values: Sequence[Any], *, often: bool = False, here: Any = None) -> list[Any]:
    """All rows of a statement, whose gaps are `%s`; the plan of one that is put `often` is kept.

    Whoever has this thread's connection at hand gives it: to look it up takes a tenth of the time of a small question.
    """
    here = here or this_connection()
    if here.vendor == "sqlite" and not _is_watched(here):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            return list(here.connection.execute(_with_marks(sql), values).fetchall())
    with _kept_plans(here) if often else here.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def altered(sql: str, values: Sequence[Any], here: Any) -> int:
    """How many rows a statement altered on this thread's connection."""
    if here.vendor == "sqlite" and not _is_watched(here):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            return int(here.connection.execute(_with_marks(sql), values).rowcount)
    with _kept_plans(here) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """The statement once for each of these rows of values."""
    here = this_connection()
    if here.vendor == "sqlite" and not _is_watched(here):
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            here.connection.executemany(_with_marks(sql), rows)
        return
    with _kept_plans(here) as cursor:
        if len(rows) == 1:  # PostgreSQL is asked and heard once, and not once more to begin and to end
            cursor.execute(sql, rows[0])
        else:
            cursor.executemany(sql, rows)


def among(keys: Sequence[int]) -> tuple[str, list[Any]]:
    """` IN (…)` for a statement, and its values. PostgreSQL is given one value, so that it knows the statement again
    whatever the number of keys."""
    if this_connection().vendor == "postgresql":
        return " = ANY(%s::bigint[])", [f"{{{','.join(map(str, keys))}}}"]
    return f" IN ({', '.join(['%s'] * len(keys))})", [*keys]


@contextmanager
def _kept_plans(here: Any) -> Iterator[Any]:
    """A cursor of PostgreSQL that keeps plans, where it may; else Django's own, which puts the values into the text."""
    if here.vendor != "postgresql" or _is_watched(here) or not here.connection.prepare_threshold:
        with here.cursor() as cursor:
            yield cursor
        return
    from psycopg import Cursor

    here.validate_no_broken_transaction()
    with here.wrap_database_errors, Cursor(here.connection) as cursor:
        yield cursor


def this_connection() -> Any:
    """The connection of this thread itself: what usually stands for it looks it up again at every touch."""
    return connections[DEFAULT_DB_ALIAS]


def _is_watched(here: Any) -> bool:
    """Whether statements are counted or logged, or there is no connection yet."""
    return bool(here.queries_logged or here.execute_wrappers or here.connection is None)


@lru_cache(maxsize=2048)
def _with_marks(sql: str) -> str:
    return (sql % (("?",) * sql.count("%s"))) if "%" in sql else sql
