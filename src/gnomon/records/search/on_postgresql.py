"""The index on PostgreSQL: words as tsvector under GIN.

GIN brings all rows of a word before it gives one, so the newest rows are read one by one first: a word that is
frequent there is found at once, and of a rare one the index has little to bring. MATERIALIZED: the statement is then
planned as if all its rows were wanted, so by the index; left to itself the planner reads the table from one end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from gnomon.records.kinds import Kind, kinds
from gnomon.records.search.index import KIND, TITLE
from gnomon.records.search.tables import TABLE, bounds, kind_code
from gnomon.records.search.terms import Group, Terms, is_pair, is_short

WINDOWS = (10_000, 60_000)  # rows, how far back the newest are read one by one before the index of words is asked
FREQUENT = 250  # hits in the first window from which the second is likely to bring as many as are wanted


class Index:
    """What the index is asked."""

    def newest(self, terms: Terms, kind: Kind, most: int, *, title: bool, whole: bool) -> tuple[list[int], bool]:
        """The newest keys of a kind, at most `most`, and whether those are all."""
        first, last = bounds(kind.name)
        query = _query(terms, TITLE if title else "", whole)
        late, are_all = self._late(query, first, last, most)
        if len(late) >= most or are_all:
            return late, are_all
        some = _keys(
            f"WITH hit AS MATERIALIZED (SELECT id FROM {TABLE} WHERE words @@ %s::tsquery) "
            "SELECT id FROM hit WHERE id BETWEEN %s AND %s ORDER BY id DESC LIMIT %s",
            [f"{_of_kind(kind.name)} & {query}", first, last, most],
        )
        return some, len(some) < most

    def _late(self, query: str, first: int, last: int, most: int) -> tuple[list[int], bool]:
        """Those of the newest rows that hold the words, newest first, and whether every row was read.

        Few are found only when the words are not frequent. Of a kind with few rows all are read so, and the index,
        which brings what other kinds hold as well, need not be asked.
        """
        found: list[int] = []
        upper = (_asked(f"SELECT max(id) FROM {TABLE} WHERE id BETWEEN %s AND %s", [first, last])[0][0]) or first
        for window in WINDOWS:
            found += _keys(
                f"SELECT id FROM (SELECT id, words FROM {TABLE} WHERE id BETWEEN %s AND %s "
                "ORDER BY id DESC LIMIT %s) AS late WHERE words @@ %s::tsquery LIMIT %s",
                [max(first, upper - window * 2), upper, window * 2, query, most - len(found)],
            )
            upper -= window * 2 + 1
            if not FREQUENT <= len(found) < most or upper < first:
                break
        return found, upper < first and len(found) < most

    def among(self, terms: Terms, keys: Sequence[int]) -> list[int]:
        """Those of these keys whose rows hold the words."""
        condition, parameters = self.condition(terms)
        return _keys(f"SELECT id FROM {TABLE} WHERE {condition} AND id = ANY(%s)", [*parameters, list(keys)])

    def kinds_holding(self, terms: Terms, names: Sequence[str]) -> set[int]:
        """The codes of kinds of which rows hold the words."""
        query = _query(terms, "", whole=False)
        held = _lately(query, names)
        left = _large([name for name in names if name not in held])
        if not left:
            return {kind_code(name) for name in held}
        further = _asked(
            "SELECT kind FROM unnest(%s::text[], %s::text[]) AS asked (kind, query) WHERE EXISTS (WITH hit AS "
            f"MATERIALIZED (SELECT 1 FROM {TABLE} WHERE words @@ query::tsquery) SELECT 1 FROM hit)",
            [left, [f"{_of_kind(name)} & {query}" for name in left]],
        )
        return {kind_code(name) for name in (*held, *(name for (name,) in further))}

    def holds_anywhere(self, word: str) -> bool:
        """Whether any row holds exactly this word."""
        names = [kind.name for kind in kinds()]
        if _lately(_quoted(word), names):
            return True
        if not _large(names):
            return False
        hit = f"WITH hit AS MATERIALIZED (SELECT 1 FROM {TABLE} WHERE words @@ %s::tsquery) SELECT 1 FROM hit LIMIT 1"
        return bool(_asked(hit, [_quoted(word)]))

    def condition(self, terms: Terms) -> tuple[str, list[Any]]:
        """The words as a condition on rows of the index."""
        return "words @@ %s::tsquery", [_query(terms, "", whole=False)]


def _lately(query: str, names: Sequence[str]) -> set[str]:
    """The kinds of which one of the newest rows holds the words; each is read only until one is found."""
    late = f"SELECT words FROM {TABLE} WHERE id BETWEEN first AND last ORDER BY id DESC LIMIT %s"
    return set(_with(names, f"SELECT 1 FROM ({late}) AS late WHERE words @@ %s::tsquery", [WINDOWS[0], query]))


def _large(names: Sequence[str]) -> list[str]:
    """The kinds that have more rows than are read one by one."""
    return _with(names, f"SELECT 1 FROM {TABLE} WHERE id BETWEEN first AND last OFFSET %s LIMIT 1", [WINDOWS[0]])


def _with(names: Sequence[str], row: str, parameters: Sequence[Any]) -> list[str]:
    """The kinds for which the statement `row`, which names the `first` and `last` key of a kind, finds one."""
    firsts, lasts = zip(*map(bounds, names), strict=True) if names else ((), ())
    found = _asked(
        "SELECT kind FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS asked (kind, first, last) "
        f"WHERE EXISTS ({row})",
        [list(names), list(firsts), list(lasts), *parameters],
    )
    return [name for (name,) in found]


def _of_kind(name: str) -> str:
    return _quoted(f"{KIND}{name}")


def _query(terms: Terms, mark: str, whole: bool) -> str:
    parts = [_all_of(group, mark, whole) for group in terms.wanted]
    parts += [f"({' <-> '.join(map(_quoted, phrase))})" for phrase in terms.phrases]
    if terms.either:
        ways = (" & ".join(_all_of(group, mark, whole) for group in way) for way in terms.either)
        parts.append(f"({' | '.join(f'({way})' for way in ways)})")
    parts += [f"!({_all_of(group, '', True)})" for group in terms.unwanted]
    return " & ".join(parts)


def _all_of(group: Group, mark: str, whole: bool) -> str:
    return " & ".join(_quoted(mark + word) if whole or is_pair(word) else _begun_by(word, mark) for word in group)


def _begun_by(word: str, mark: str) -> str:
    if is_short(word) and Index().holds_anywhere(mark + word):
        return _quoted(mark + word)
    return f"{_quoted(mark + word)}:*"


def _quoted(word: str) -> str:
    return f"'{word}'"


def _keys(statement: str, parameters: Sequence[Any]) -> list[int]:
    return [key for (key,) in _asked(statement, parameters)]


def _asked(statement: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
