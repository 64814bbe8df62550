"""In how many rows of the index each Latin word stands that people may mistype."""

from __future__ import annotations

from collections import Counter

from django.db import connection

from gnomon.jobs.asking import rows_of
from gnomon.records.search.near import LONGEST, SHORTEST, is_learnt
from gnomon.records.search.tables import TABLE, TERMS

ROWS = 20_000  # counted with one statement


def counted_words() -> Counter[str]:
    """Word → how many rows hold it; words of titles are not counted twice."""
    if connection.vendor == "postgresql":
        return _row_by_row()
    # The index keeps its words in order: digits before letters, marked ones at the end.
    words = rows_of(f"SELECT term, doc FROM {TERMS} WHERE term >= 'a' AND term < %s", ["\ue000"])
    return Counter({word: count for word, count in words if is_learnt(word)})


def _row_by_row() -> Counter[str]:
    """The same from the rows, many at a time: what GIN holds cannot be listed.

    Every row holds the name of its kind, so only the end has no words.
    """
    seen: Counter[str] = Counter()
    last: int | None = -1
    while last is not None:
        rows = rows_of(
            f"WITH piece AS MATERIALIZED (SELECT id, words FROM {TABLE} WHERE id > %s ORDER BY id LIMIT {ROWS}) "
            "SELECT word, count(*), (SELECT max(id) FROM piece) FROM piece, unnest(tsvector_to_array(words)) AS word "
            f"WHERE length(word) BETWEEN {SHORTEST} AND {LONGEST} GROUP BY word",
            [last],
        )
        seen.update({word: count for word, count, _last in rows if is_learnt(word)})
        last = rows[0][2] if rows else None
    return seen
