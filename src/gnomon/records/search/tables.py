"""The tables of the index: one row of words for each record, and one more for those with words among staff.

A row's key says whose it is: kind, record, and whether words among staff count. So the newest records of a
kind are a range read backwards, and neither numbers nor kinds are kept beside the words.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from zlib import crc32

from django.db import connection

from gnomon.records.kinds import Kind, kinds

TABLE = "records_search"
TERMS = "records_search_terms"
KIND_BITS, ROW_BITS = 23, 40
STAFF = 1
KEY = "id" if connection.vendor == "postgresql" else "rowid"


def key_of(kind: str, pk: int, staff: bool = False) -> int:
    """The key of a record's row; of the row that holds words among staff as well, when `staff`."""
    return kind_code(kind) << ROW_BITS | pk << 1 | (STAFF if staff else 0)


def pk_of(key: int) -> int:
    return (key & ((1 << ROW_BITS) - 1)) >> 1


def bounds(kind: str) -> tuple[int, int]:
    """The first and last key that rows of a kind can have."""
    code = kind_code(kind)
    return code << ROW_BITS, (code + 1 << ROW_BITS) - 1


@cache
def kind_code(name: str) -> int:
    """A number that a kind keeps for ever, whatever other kinds come and go."""
    return crc32(name.encode()) >> (32 - KIND_BITS)


@cache
def _kinds_by_code() -> dict[int, Kind]:
    return {kind_code(kind.name): kind for kind in kinds()}


def kind_of_key(key: int) -> Kind | None:
    """The kind that a row belongs to; None when no app declares it any more."""
    return _kinds_by_code().get(key >> ROW_BITS)


def create_index(_apps: Any, schema_editor: Any) -> None:
    """Make the index, in place of any that is there; called by a migration."""
    drop_index(_apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        # New rows wait in a list that every search reads; a short one, so that searches stay quick.
        schema_editor.execute(
            f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words) WITH (gin_pending_list_limit = 512)"
        )
        return
    schema_editor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize='unicode61', detail=none)")


def drop_index(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}_keys")
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def create_terms(_apps: Any, schema_editor: Any) -> None:
    """SQLite: a view of the words that the index holds, by which the beginnings of words are found."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(f"CREATE VIRTUAL TABLE {TERMS} USING fts5vocab({TABLE}, row)")


def drop_terms(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE IF EXISTS {TERMS}")
