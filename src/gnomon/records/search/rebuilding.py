"""Make the index anew from the records, and the known words from it; or say where index and records differ.

Search goes on meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import Comment, SearchMark
from gnomon.records.search import vocabulary
from gnomon.records.search.index import COMMENTS, Row, Said, put_rows, rows_of, vector
from gnomon.records.search.tables import KEY, TABLE, bounds, key_of

AT_ONCE = 2000
STALE = "search:stale"


def rebuild(progress: Callable[[int], None] = lambda count: None) -> int:
    """Bring every row of the index to what its record says; how many rows were wrong."""
    wrong = 0
    for kind in kinds():
        batches, more = _batches(kind, hold=True), True
        while more:
            # Read and written in one transaction that holds the records: what is said meanwhile is not unsaid.
            with transaction.atomic():
                records, rows, span = next(batches)
                missing, beyond = _compared(kind, rows, span)
                _drop(beyond)
                put_rows(kind, [row for row in rows if row[0] in missing])
            wrong += len(missing | beyond)
            more = records > 0
            progress(records)
    SearchMark.objects.filter(name=STALE).delete()
    vocabulary.learn_anew()
    return wrong


def differences(progress: Callable[[int], None] = lambda count: None) -> list[int]:
    """The keys of rows that differ from their records, are missing, or belong to none."""
    wrong: list[int] = []
    for kind in kinds():
        for records, rows, span in _batches(kind):
            missing, beyond = _compared(kind, rows, span)
            wrong += sorted(missing | beyond)
            progress(records)
    return wrong


def is_stale() -> bool:
    """Whether the index must be made anew, as after an upgrade that changed its form."""
    return SearchMark.objects.filter(name=STALE).exists()


def _batches(kind: Kind, *, hold: bool = False) -> Iterator[tuple[int, list[Row], tuple[int, int]]]:
    """All records of a kind, many at a time: how many, the rows they ought to have, and the keys that may be theirs.

    The last batch has no records, and all keys beyond.
    """
    begins, end = bounds(kind.name)
    last = 0
    query: Any = kind.model._base_manager.order_by("pk")
    query = query.select_for_update() if hold else query
    while records := list(query.filter(pk__gt=last)[:AT_ONCE]):
        said = _said_about([record.number for record in records if record.version > 1])
        rows = [row for record in records for row in rows_of(kind, record, said[record.number])]
        last = records[-1].pk
        until = key_of(kind.name, last, staff=True)
        yield len(records), rows, (begins, until)
        begins = until + 1
    yield 0, [], (begins, end)


def _said_about(numbers: Sequence[str]) -> dict[str, list[Said]]:
    said: dict[str, list[Said]] = defaultdict(list)
    comments = Comment.objects.filter(number__in=numbers).order_by("pk").values_list("number", "text", "internal")
    for number, text, internal in comments:
        if len(said[number]) < COMMENTS:
            said[number].append((text, internal))
    return said


def _compared(kind: Kind, rows: Sequence[Row], span: tuple[int, int]) -> tuple[set[int], set[int]]:
    """The keys of rows that are not as they ought to be, and of those that ought not to be."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT id, words = ought::tsvector FROM {TABLE} LEFT JOIN unnest(%s::bigint[], %s::text[]) "
                "AS expected(key, ought) ON key = id WHERE id BETWEEN %s AND %s",
                [[key for key, _text in rows], [vector(kind, text) for _key, text in rows], *span],
            )
            present: dict[int, Any] = dict(cursor.fetchall())
        else:
            cursor.execute(f"SELECT rowid, words FROM {TABLE} WHERE rowid BETWEEN %s AND %s", span)
            ought = dict(rows)
            present = {key: words == ought[key] if key in ought else None for key, words in cursor.fetchall()}
    return {key for key, _text in rows if not present.get(key)}, {k for k, same in present.items() if same is None}


def _drop(keys: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {KEY} = %s", [(key,) for key in keys])
