"""Full text over all kinds, Chinese and English by one rule: Chinese runs are cut into pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from gnomon.records.kinds import Kind
from gnomon.records.kinds import kinds as all_kinds
from gnomon.records.models import Comment, Record

TABLE = "records_search"
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_]+", re.UNICODE)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PARTS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\u3400-\u9fff\uf900-\ufaff]+")
LONGEST = 20_000


def words_of(text: str) -> list[str]:
    """The words that a text is found by: Latin words in lower case, Han runs as pairs and the last sign.

    打印机坏了 → 打印 印机 机坏 坏了 了: so that each sign begins a word, and one alone finds it.
    """
    return _words(text, with_last=True)


def asked_words(query: str) -> list[str]:
    """The words that somebody looks for: 打印机 → 打印 印机; a lone sign stands for itself."""
    return _words(query, with_last=False)


def _without_marks(text: str) -> str:
    """ＶＰＮ is VPN, and café is found as cafe: the same on every database."""
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _words(text: str, with_last: bool) -> list[str]:
    words: list[str] = []
    cut = text[:LONGEST]
    plain = cut if cut.isascii() else _without_marks(cut)
    for run in _RUNS.findall(plain.lower()):
        for part in _PARTS.findall(run):
            if not _HAN.match(part) or len(part) == 1:
                words.append(part)
                continue
            words += [part[i : i + 2] for i in range(len(part) - 1)]
            if with_last:
                words.append(part[-1])
    return words


# Marks the second row of a record about which something was said among staff: it holds those words as well,
# and only who reads all records of the kind may find by it. Else a requester could guess words by searching.
STAFF = "*"


def index_record(kind: Kind, record: Record) -> None:
    """Bring one record's words up to date, in the caller's transaction: number, title, searched fields, comments."""
    parts = [record.number, record.title]
    parts += [str(getattr(record, name) or "") for name in kind.searched]
    said: list[tuple[str, bool]] = []
    if record.pk and record.version > 1:
        said = list(Comment.objects.filter(number=record.number).values_list("text", "internal")[:200])
    public = [*parts, *(text for text, internal in said if not internal)]
    rows = [(kind.name, record.number, " ".join(words_of(" ".join(public))))]
    if len(parts) + len(said) > len(public):
        everything = [*parts, *(text for text, _internal in said)]
        rows.append((kind.name + STAFF, record.number + STAFF, " ".join(words_of(" ".join(everything)))))
    index_many(rows)


def index_many(rows: Sequence[tuple[str, str, str]]) -> None:
    """Put (kind, number, words) into the index, in place of what stood there for these numbers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (kind, number, words) VALUES (%s, %s, to_tsvector('simple', %s)) "
                "ON CONFLICT (number) DO UPDATE SET words = excluded.words",
                rows,
            )
            return
        for kind, number, words in rows:
            cursor.execute(
                f"INSERT INTO {TABLE}_keys (number, kind) VALUES (%s, %s) "
                "ON CONFLICT (number) DO UPDATE SET kind = excluded.kind RETURNING id",
                [number, kind],
            )
            key = cursor.fetchone()[0]
            cursor.execute(f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (%s, %s)", [key, words])


def index_new(rows: Sequence[tuple[str, str, str]]) -> None:
    """Put (kind, number, words) of records that were never indexed into the index, all at once."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (kind, number, words) VALUES (%s, %s, to_tsvector('simple', %s))", rows
            )
            return
        # The caller's transaction holds the only write lock, so nobody else takes these ids.
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {TABLE}_keys")
        first = cursor.fetchone()[0] + 1
        keyed = list(enumerate(rows, first))
        cursor.executemany(
            f"INSERT INTO {TABLE}_keys (id, number, kind) VALUES (%s, %s, %s)",
            [(key, number, kind) for key, (kind, number, _words) in keyed],
        )
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)", [(key, words) for key, (_k, _n, words) in keyed]
        )


def find_numbers(
    query: str, kinds: Iterable[str] = (), most: int = 500, *, staff_of: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """(kind, number) of the records that hold all words of `query`, newest first.

    What was said among staff counts for the kinds in `staff_of` alone.
    """
    words = asked_words(query)
    if not words:
        return []
    wanted = [*(kinds or (kind.name for kind in all_kinds())), *(name + STAFF for name in staff_of)]
    among = f" AND kind IN ({','.join(['%s'] * len(wanted))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT kind, number FROM {TABLE} WHERE words @@ to_tsquery('simple', %s){among} "
                "ORDER BY id DESC LIMIT %s",
                [_terms(words), *wanted, most],
            )
        else:
            cursor.execute(
                f"SELECT kind, number FROM {TABLE} JOIN {TABLE}_keys ON id = {TABLE}.rowid "
                f"WHERE {TABLE} MATCH %s{among} ORDER BY {TABLE}.rowid DESC LIMIT %s",
                [_terms(words), *wanted, most],
            )
        found: list[Any] = cursor.fetchall()
    return list(dict.fromkeys((kind.removesuffix(STAFF), number.removesuffix(STAFF)) for kind, number in found))


def matching(query: str, kind: str, *, among_staff: bool = False) -> RawSQL | None:
    """The numbers of a kind that hold all words of `query`, for use inside another query; None when it has no word."""
    words = asked_words(query)
    if not words:
        return None
    if connection.vendor == "postgresql":
        found = f"FROM {TABLE} WHERE words @@ to_tsquery('simple', %s)"
    else:
        found = f"FROM {TABLE} JOIN {TABLE}_keys ON id = {TABLE}.rowid WHERE {TABLE} MATCH %s"
    sql = f"SELECT rtrim(number, '{STAFF}') {found} AND kind IN (%s, %s)"
    return RawSQL(sql, (_terms(words), kind, kind + STAFF if among_staff else kind))


def _terms(words: Sequence[str]) -> str:
    if connection.vendor == "postgresql":
        return " & ".join(f"'{word}':*" for word in words)
    return " AND ".join(f'"{word}"*' for word in words)


def create_index(_apps: Any, schema_editor: Any) -> None:
    """Make the index tables; called by the first migration."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, kind varchar(40) NOT NULL, "
            "number varchar(40) NOT NULL UNIQUE, words tsvector NOT NULL)"
        )
        schema_editor.execute(f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)")
        return
    schema_editor.execute(
        f"CREATE TABLE {TABLE}_keys (id integer PRIMARY KEY, number text NOT NULL UNIQUE, kind text NOT NULL)"
    )
    schema_editor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize='unicode61', detail=none)")


def drop_index(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE {TABLE}")
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(f"DROP TABLE {TABLE}_keys")
