"""The index on SQLite: a table of FTS5.

Two things about it decide the form of these statements. A word that begins others is expensive, for FTS5 first
merges all rows of all words that it begins; so those words are looked up and asked for by name, which it reads
newest first and only as far as needed. And it keeps no positions, so a phrase is looked for in the words as kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gnomon.jobs.asking import rows_of
from gnomon.records.search.index import TITLE
from gnomon.records.search.tables import ROW_BITS, STAFF, TABLE, TERMS, kind_code
from gnomon.records.search.terms import Group, Terms, is_pair, is_short

MOST_BEGUN = 64  # words that one beginning may stand for
Spelled = Mapping[str, Sequence[str]]  # a beginning → the words that begin so

# From the last row that matches to the last one of the kind before, and so on: only kinds that hold the words are met.
_HELD = f"""
    WITH RECURSIVE held (code) AS (
        SELECT (SELECT rowid >> {ROW_BITS} FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT 1)
        UNION ALL
        SELECT (
            SELECT rowid >> {ROW_BITS} FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid < held.code << {ROW_BITS}
            ORDER BY rowid DESC LIMIT 1
        ) FROM held WHERE code IS NOT NULL
    )
"""


class Index:
    """What the index is asked."""

    def newest(
        self, terms: Terms, names: Sequence[str], most: int, *, title: bool
    ) -> dict[str, tuple[list[int], bool]]:
        """The newest keys of each kind that has any, at most `most`, and whether those are all."""
        mark = TITLE if title else ""
        found: dict[str, tuple[list[int], bool]] = {}
        whole, begun = _match(terms, mark), _match(terms, mark, _spelled(terms, mark))
        for match in dict.fromkeys((whole, begun)):
            left = {kind_code(name): name for name in names if found.get(name, ([], True))[1]}
            for code, keys, are_all in _walked(match, terms, sorted(left), most):
                found[left[code]] = keys, are_all
        return found

    def among(self, terms: Terms, keys: Mapping[str, Sequence[int]], *, title: bool) -> list[int]:
        """The keys of those rows of these records that hold the words; records are given by kind and public key."""
        condition, parameters = self.condition(terms, TITLE if title else "")
        # The plus keeps SQLite from looking every key up in the index by itself.
        part = (
            f"SELECT rowid FROM {TABLE} WHERE {condition} AND rowid BETWEEN %s AND %s "
            f"AND (+rowid & ~{STAFF}) IN (SELECT value FROM json_each(%s))"
        )
        some = [one for one in keys.values() if one]
        given = [value for one in some for value in (*parameters, min(one), max(one) | STAFF, json.dumps(list(one)))]
        return [key for (key,) in rows_of(" UNION ALL ".join([part] * len(some)), given)] if some else []

    def holds_anywhere(self, word: str) -> bool:
        """Whether any row holds exactly this word."""
        return bool(rows_of(f"SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH %s LIMIT 1", [_quoted(word)]))

    def condition(self, terms: Terms, mark: str = "") -> tuple[str, list[Any]]:
        """The words as a condition on rows of the index."""
        held = f" AND {_holds(terms)}" if terms.phrases else ""
        return f"{TABLE} MATCH %s{held}", [_match(terms, mark, _spelled(terms, mark)), *_rows_of_words(terms)]


def _walked(match: str, terms: Terms, codes: Sequence[int], most: int) -> list[tuple[int, list[int], bool]]:
    """For each kind that holds the words: its code, the newest keys, and whether those are all."""
    deep = most * 3 // 2 if terms.phrases else most
    fits = _holds(terms) if terms.phrases else "1"
    rows = rows_of(
        f"{_HELD} SELECT code, (SELECT count(*) || ',' || group_concat(iif(fits, rowid, '')) FROM ("
        f"SELECT rowid, {fits} AS fits FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid >= code << {ROW_BITS} "
        f"AND rowid < (code + 1) << {ROW_BITS} ORDER BY rowid DESC LIMIT %s)) "
        "FROM held WHERE code IN (SELECT value FROM json_each(%s))",
        [match, match, *_rows_of_words(terms), match, deep, json.dumps(list(codes))],
    )
    return [(code, *_read(told, most, deep)) for code, told in rows]


def _read(told: str, most: int, deep: int) -> tuple[list[int], bool]:
    """How many rows there were, and the keys of those that hold the words."""
    count, *keys = told.split(",")
    return [int(key) for key in keys if key][:most], int(count) < deep


def _spelled(terms: Terms, mark: str) -> Spelled:
    """The words that begin like those that may go on, all looked up at once."""
    begins = [mark + word for word in dict.fromkeys(terms.words) if not is_pair(word)]
    part = f"SELECT * FROM (SELECT %s, term FROM {TERMS} WHERE term >= %s AND term < %s LIMIT {MOST_BEGUN})"
    given = [value for one in begins for value in (one, one, one[:-1] + chr(ord(one[-1]) + 1))]
    found: dict[str, list[str]] = {one: [] for one in begins}
    for one, term in rows_of(" UNION ALL ".join([part] * len(begins)), given) if begins else ():
        found[one].append(term)
    return found


def _match(terms: Terms, mark: str, spelled: Spelled | None = None) -> str:
    parts = [_all_of(group, mark, spelled) for group in terms.wanted]
    if terms.either:
        ways = (" AND ".join(_all_of(group, mark, spelled) for group in way) for way in terms.either)
        parts.append(f"({' OR '.join(f'({way})' for way in ways)})")
    return " AND ".join(parts) + "".join(f" NOT ({_all_of(group, '', None)})" for group in terms.unwanted)


def _all_of(group: Group, mark: str, spelled: Spelled | None) -> str:
    return " AND ".join(_one_of(mark + word, word, spelled) for word in group)


def _one_of(begins: str, word: str, spelled: Spelled | None) -> str:
    """A word, or any of those that begin like it; a short one stands for itself where anything holds it."""
    begun = spelled.get(begins, ()) if spelled is not None else ()
    if not begun or (is_short(word) and begins in begun):
        return _quoted(begins)
    return f"({' OR '.join(map(_quoted, begun))})" if list(begun) != [begins] else _quoted(begins)


def _quoted(word: str) -> str:
    return f'"{word}"'


def _holds(terms: Terms) -> str:
    return " AND ".join("instr(' ' || words || ' ', %s) > 0" for _phrase in terms.phrases)


def _rows_of_words(terms: Terms) -> list[str]:
    return [f" {' '.join(phrase)} " for phrase in terms.phrases]
