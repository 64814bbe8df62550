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
Begun = Mapping[str, Sequence[str]]  # a word → those that begin like it

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
        whole, begun = _match(terms, mark), _match(terms, mark, _begun(terms))
        for match in dict.fromkeys((whole, begun)):
            left = {kind_code(name): name for name in names if found.get(name, ([], True))[1]}
            for code, keys, are_all in _walked(match, terms, sorted(left), most):
                found[left[code]] = keys, are_all
        return found

    def among(self, terms: Terms, keys: Mapping[str, Sequence[int]], *, title: bool) -> list[int]:
        """The keys of those rows of these records that hold the words; records are given by kind and public key."""
        if title:
            return _titled(terms, [key | also for one in keys.values() for key in one for also in (0, STAFF)])
        match, phrases = _match(terms, "", _begun(terms)), _rows_of_words(terms)
        # The plus keeps SQLite from looking every key up in the index by itself. Phrases come last: to look for one, the
        # words of a row are read, and a hundred thousand other records may hold them.
        part = (
            f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s "
            f"AND (+rowid & ~{STAFF}) IN (SELECT value FROM json_each(%s)){_and_phrases(terms)}"
        )
        some = [one for one in keys.values() if one]
        given = [
            value for one in some for value in (match, min(one), max(one) | STAFF, json.dumps(list(one)), *phrases)
        ]
        return [key for (key,) in rows_of(" UNION ALL ".join([part] * len(some)), given)] if some else []

    def holds_anywhere(self, word: str) -> bool:
        """Whether any row holds exactly this word."""
        return bool(rows_of(f"SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH %s LIMIT 1", [_quoted(word)]))

    def condition(self, terms: Terms) -> tuple[str, list[Any]]:
        """The words as a condition on rows of the index."""
        return f"{TABLE} MATCH %s{_and_phrases(terms)}", [_match(terms, "", _begun(terms)), *_rows_of_words(terms)]


def _titled(terms: Terms, keys: Sequence[int]) -> list[int]:
    """Those of these rows whose titles hold the words: few are given, so each is read."""
    ways = terms.either or (terms.wanted,)
    begun = _begun(terms)
    parts = [[_in_title(word, begun) for group in way for word in group] for way in ways]
    held = " OR ".join(" AND ".join(["instr(' ' || words || ' ', %s) > 0"] * len(part)) for part in parts)
    rows = rows_of(
        f"SELECT rowid FROM {TABLE} WHERE rowid IN (SELECT value FROM json_each(%s)) AND ({held})",
        [json.dumps(list(keys)), *(text for part in parts for text in part)],
    )
    return [key for (key,) in rows]


def _in_title(word: str, begun: Begun) -> str:
    """A word as it stands in the row of a title that holds it, or one that begins like it."""
    ends = is_pair(word) or (is_short(word) and not begun.get(word))
    return f" {TITLE}{word}{' ' if ends else ''}"


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


def _begun(terms: Terms) -> Begun:
    """The words that begin like those that may go on, all looked up at once, and once for a question.

    A short word stands for itself where anything holds it.
    """
    asked = [word for word in dict.fromkeys(terms.words) if word not in terms.begun and not is_pair(word)]
    terms.begun.update(dict.fromkeys(asked, ()))
    longer = [word for word in asked if not (is_short(word) and Index().holds_anywhere(word))]
    part = f"SELECT * FROM (SELECT %s, term FROM {TERMS} WHERE term >= %s AND term < %s LIMIT {MOST_BEGUN})"
    # Behind the word itself: to pass it, FTS5 would count all rows that hold it.
    given = [value for word in longer for value in (word, word + "\1", word[:-1] + chr(ord(word[-1]) + 1))]
    for word, term in rows_of(" UNION ALL ".join([part] * len(longer)), given) if longer else ():
        terms.begun[word] += (term,)
    return terms.begun


def _match(terms: Terms, mark: str, begun: Begun | None = None) -> str:
    begun = begun or {}
    parts = [_all_of(group, mark, begun) for group in terms.wanted]
    if terms.either:
        ways = (" AND ".join(_all_of(group, mark, begun) for group in way) for way in terms.either)
        parts.append(f"({' OR '.join(f'({way})' for way in ways)})")
    return " AND ".join(parts) + "".join(f" NOT ({_all_of(group, '', {})})" for group in terms.unwanted)


def _all_of(group: Group, mark: str, begun: Begun) -> str:
    return " AND ".join(_one_of([mark + one for one in (word, *begun.get(word, ()))]) for word in group)


def _one_of(words: Sequence[str]) -> str:
    return _quoted(words[0]) if len(words) == 1 else f"({' OR '.join(map(_quoted, words))})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _and_phrases(terms: Terms) -> str:
    return f" AND {_holds(terms)}" if terms.phrases else ""


def _holds(terms: Terms) -> str:
    return " AND ".join("instr(' ' || words || ' ', %s) > 0" for _phrase in terms.phrases)


def _rows_of_words(terms: Terms) -> list[str]:
    return [f" {' '.join(phrase)} " for phrase in terms.phrases]
