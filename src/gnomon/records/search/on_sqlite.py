"""The index on SQLite: a table of FTS5.

Two things about it decide the form of these statements. A word that begins others is expensive, for FTS5 first
merges all rows of all words that it begins; so those words are looked up and asked for by name, which it reads
newest first and only as far as needed. And it keeps no positions, so a phrase is looked for in the words as kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from gnomon.records.kinds import Kind
from gnomon.records.search.index import TITLE
from gnomon.records.search.tables import ROW_BITS, TABLE, TERMS, bounds
from gnomon.records.search.terms import Group, Terms, is_pair, is_short

MOST_BEGUN = 64  # words that one beginning may stand for


class Index:
    """What the index is asked."""

    def newest(self, terms: Terms, kind: Kind, most: int, *, title: bool, whole: bool) -> tuple[list[int], bool]:
        """The newest keys of a kind, at most `most`, and whether those are all."""
        first, last = bounds(kind.name)
        match = _match(terms, TITLE if title else "", whole)
        if not terms.phrases:
            keys = _asked(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s "
                "ORDER BY rowid DESC LIMIT %s",
                [match, first, last, most],
            )
            return [key for (key,) in keys], len(keys) < most
        deep = most * 3 // 2
        rows = _asked(
            f"SELECT rowid, {_holds(terms)} FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s "
            "ORDER BY rowid DESC LIMIT %s",
            [*_rows_of_words(terms), match, first, last, deep],
        )
        return [key for key, held in rows if held][:most], len(rows) < deep

    def among(self, terms: Terms, keys: Sequence[int]) -> list[int]:
        """Those of these keys whose rows hold the words."""
        condition, parameters = self.condition(terms)
        # The plus keeps SQLite from looking every key up in the index by itself.
        found = _asked(
            f"SELECT rowid FROM {TABLE} WHERE {condition} AND rowid BETWEEN %s AND %s "
            f"AND +rowid IN ({','.join(map(str, keys))})",
            [*parameters, min(keys), max(keys)],
        )
        return [key for (key,) in found]

    def kinds_holding(self, terms: Terms, names: Sequence[str]) -> set[int]:
        """The codes of kinds of which rows hold the words: the last row of each, from one to the one before."""
        match, held, below = _match(terms, "", whole=False), set(), 2**63 - 1
        for _kind in range(len(names) + 1):
            found = _asked(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid <= %s ORDER BY rowid DESC LIMIT 1",
                [match, below],
            )
            if not found:
                break
            code = found[0][0] >> ROW_BITS
            held.add(code)
            below = (code << ROW_BITS) - 1
        return held

    def holds_anywhere(self, word: str) -> bool:
        """Whether any row holds exactly this word."""
        return bool(_asked(f"SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH %s LIMIT 1", [f'"{word}"']))

    def condition(self, terms: Terms) -> tuple[str, list[Any]]:
        """The words as a condition on rows of the index."""
        held = f" AND {_holds(terms)}" if terms.phrases else ""
        return f"{TABLE} MATCH %s{held}", [_match(terms, "", whole=False), *_rows_of_words(terms)]


def _match(terms: Terms, mark: str, whole: bool) -> str:
    parts = [_all_of(group, mark, whole) for group in terms.wanted]
    if terms.either:
        ways = (" AND ".join(_all_of(group, mark, whole) for group in way) for way in terms.either)
        parts.append(f"({' OR '.join(f'({way})' for way in ways)})")
    return " AND ".join(parts) + "".join(f" NOT ({_all_of(group, '', True)})" for group in terms.unwanted)


def _all_of(group: Group, mark: str, whole: bool) -> str:
    return " AND ".join(f'"{mark}{word}"' if whole or is_pair(word) else _begun_by(word, mark) for word in group)


def _begun_by(word: str, mark: str) -> str:
    """Any of the words that begin like this one, as far as there are such."""
    if is_short(word) and Index().holds_anywhere(mark + word):
        return f'"{mark}{word}"'
    begins = mark + word
    found = _asked(
        f"SELECT term FROM {TERMS} WHERE term >= %s AND term < %s LIMIT {MOST_BEGUN}",
        [begins, begins[:-1] + chr(ord(begins[-1]) + 1)],
    )
    return f"({' OR '.join(_quoted(term) for (term,) in found) or _quoted(begins)})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _holds(terms: Terms) -> str:
    return " AND ".join("instr(' ' || words || ' ', %s) > 0" for _phrase in terms.phrases)


def _rows_of_words(terms: Terms) -> list[str]:
    return [f" {' '.join(phrase)} " for phrase in terms.phrases]


def _asked(statement: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
