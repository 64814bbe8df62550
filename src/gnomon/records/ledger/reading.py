"""Reading the ledger's tables as they stood at one moment, page by page, whatever they hold."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

from gnomon.records.ledger import settled

PAGE = 5_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Rows come and go by the million and none refers to itself: to look for such ever and again took a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def one_moment() -> Iterator[None]:
    """All reading inside sees the database as it stood at the first, and keeps no writer waiting."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    with settled.holding(), _moment():
        yield


@contextmanager
def _moment() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Not `atomic`: on SQLite it would take the write lock for as long as verification lasts.
        level = "ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "DEFERRED"
        cursor.execute(f"BEGIN {level}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def pages(query: str, *, start: Sequence[Any], key: slice, limit: int = PAGE) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query that ends in `> %s … LIMIT %s`, in lists that fit into memory.

    `key` says which columns of a page's last row the next page starts from.
    """
    while True:
        page = rows(query, [*start, limit])
        if page:
            yield page
        if len(page) < limit:
            return
        start = page[-1][key]


def rows(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a query, even those with text that is none."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())
        except DatabaseError:
            if connection.vendor != "sqlite":
                raise
    # Somebody wrote bytes that are no text. They are read as what they are, to be named as a fault.
    raw = connection.connection
    raw.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())
    finally:
        raw.text_factory = str
