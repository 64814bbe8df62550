"""The index on PostgreSQL: words as tsvector under GIN.

GIN brings all rows of a word before it gives one. So of large kinds some of the newest rows are read one by one
first: that tells how frequent the words are there, and frequent ones are found by reading on. Everything else is
asked of the index, of all kinds at once. MATERIALIZED: the statement is then planned as if all its rows were wanted,
so by the index; left to itself the planner reads the table from one end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gnomon.jobs.asking import rows_of
from gnomon.records.kinds import kinds
from gnomon.records.search.index import KIND, TITLE
from gnomon.records.search.tables import ROW_BITS, STAFF, TABLE, bounds, kind_code
from gnomon.records.search.terms import Group, Terms, is_pair, is_short

LARGE = 5_000  # rows from which on a kind is read one by one before the index is asked
PROBE = 2_000  # of its newest rows, which tell how frequent words are
FAR = 80_000  # rows, how far back they are read at most when the words are frequent
BELIEVED_FOR = 600.0  # seconds that the sizes of kinds are taken for what they were
BEGUN = (
    ":*"  # behind a word that begins others: all rows of all of them are brought, so frequent ones are not asked for
)
Found = dict[str, tuple[list[int], bool]]


@dataclass(slots=True)
class _Sizes:
    """Which kinds were found to be large, and until when that is believed."""

    large: frozenset[str] = frozenset()
    until: float = 0.0


_sizes = _Sizes()


class Index:
    """What the index is asked."""

    def newest(self, terms: Terms, names: Sequence[str], most: int, *, title: bool) -> Found:
        """The newest keys of each kind that has any, at most `most`, and whether those are all."""
        mark, found = TITLE if title else "", Found()
        for query in dict.fromkeys((_query(terms, mark, whole=True), _query(terms, mark, whole=False))):
            left = [name for name in names if found.get(name, ([], True))[1]]
            found |= _newest(query, left, most)
        return found

    def among(self, terms: Terms, keys: Mapping[str, Sequence[int]], *, title: bool) -> list[int]:
        """The keys of those rows of these records that hold the words; records are given by kind and public key."""
        condition, parameters = self.condition(terms, TITLE if title else "")
        some = ",".join(str(key) for one in keys.values() for key in one)  # the driver is slow with thousands of values
        # OFFSET: so that these rows are looked up, and not all that hold the words are read to see which are these.
        rows = f"SELECT id, words FROM {TABLE} WHERE id BETWEEN key AND key + {STAFF} OFFSET 0"
        found = rows_of(
            f"SELECT id FROM unnest(%s::bigint[]) AS asked (key) CROSS JOIN LATERAL ({rows}) AS these WHERE {condition}",
            [f"{{{some}}}", *parameters],
        )
        return [key for (key,) in found]

    def holds_anywhere(self, word: str) -> bool:
        """Whether any row holds exactly this word."""
        if _late(_quoted(word), dict.fromkeys(_large(), PROBE), 1):
            return True
        hit = f"WITH hit AS MATERIALIZED (SELECT 1 FROM {TABLE} WHERE words @@ %s::tsquery) SELECT 1 FROM hit LIMIT 1"
        return bool(rows_of(hit, [_quoted(word)]))

    def condition(self, terms: Terms, mark: str = "") -> tuple[str, list[Any]]:
        """The words as a condition on rows of the index."""
        return "words @@ %s::tsquery", [_query(terms, mark, whole=False)]


def _newest(query: str, names: Sequence[str], most: int) -> Found:
    """The same for one wording."""
    large = [name for name in names if name in _large()]
    late = _late(query, dict.fromkeys(large, PROBE), most)
    further = {name: _needed(len(keys), most) for name, keys in late.items() if len(keys) < most}
    late |= _late(query, {name: window for name, window in further.items() if window <= FAR}, most)
    found: Found = {name: (keys, False) for name, keys in late.items() if len(keys) == most}
    left = [name for name in names if name not in found]
    if BEGUN in query and not _large().issubset(left):
        # The index would bring all rows of a large kind as well, only to leave them out.
        small = [name for name in left if name not in large]
        found |= {
            name: (keys, len(keys) < most) for name, keys in _late(query, dict.fromkeys(small, LARGE), most).items()
        }
        left = [name for name in left if name in large]
    return found | _of_index(query, left, most) if left else found


def _needed(hits: int, most: int) -> int:
    """How many rows are likely to bring as many hits as are wanted, when the first ones brought so many."""
    return most * PROBE * 5 // (hits * 4)


def _late(query: str, windows: Mapping[str, int], most: int) -> dict[str, list[int]]:
    """Those of the newest rows of each kind, as many as its window, that hold the words."""
    if not windows:
        return {}
    firsts, lasts = zip(*map(bounds, windows), strict=True)
    rows = rows_of(
        "SELECT kind, late.id FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[]) "
        "AS asked (kind, first, last, size) CROSS JOIN LATERAL (SELECT id FROM ("
        f"SELECT id, words FROM {TABLE} WHERE id BETWEEN first AND last ORDER BY id DESC LIMIT size) AS newest "
        "WHERE words @@ %s::tsquery LIMIT %s) AS late",
        [list(windows), list(firsts), list(lasts), list(windows.values()), query, most],
    )
    return _by_kind(rows)


def _of_index(query: str, names: Sequence[str], most: int) -> Found:
    """What the index of words brings of these kinds; it is asked to tell them apart where a large one is left out."""
    within = "" if _large().issubset(names) else f" & ({' | '.join(_quoted(f'{KIND}{name}') for name in names)})"
    rows = rows_of(
        f"WITH hit AS MATERIALIZED (SELECT id FROM {TABLE} WHERE words @@ %s::tsquery) "
        f"SELECT id >> {ROW_BITS}, id FROM (SELECT id, row_number() OVER (PARTITION BY id >> {ROW_BITS} "
        "ORDER BY id DESC) AS place FROM hit) AS placed WHERE place <= %s",
        [query + within, most],
    )
    named = {kind_code(name): name for name in names}
    found = _by_kind([(named[code], key) for code, key in rows if code in named])
    return {name: (keys, len(keys) < most) for name, keys in found.items()}


def _by_kind(rows: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, key in rows:
        found.setdefault(name, []).append(key)
    return {name: sorted(keys, reverse=True) for name, keys in found.items()}


def _large() -> frozenset[str]:
    """The kinds that have many rows, as they were found lately: grown since, they are only slower."""
    now = time.monotonic()
    if now > _sizes.until:
        names = [kind.name for kind in kinds()]
        firsts, lasts = zip(*map(bounds, names), strict=True)
        rows = rows_of(
            "SELECT kind FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS asked (kind, first, last) "
            f"WHERE EXISTS (SELECT 1 FROM {TABLE} WHERE id BETWEEN first AND last OFFSET %s LIMIT 1)",
            [names, list(firsts), list(lasts), LARGE],
        )
        _sizes.large, _sizes.until = frozenset(name for (name,) in rows), now + BELIEVED_FOR
    return _sizes.large


def _query(terms: Terms, mark: str, whole: bool) -> str:
    begins = set() if whole else _beginnings(terms)
    parts = [_all_of(group, mark, begins) for group in terms.wanted]
    parts += [f"({' <-> '.join(map(_quoted, phrase))})" for phrase in terms.phrases]
    if terms.either:
        ways = (" & ".join(_all_of(group, mark, begins) for group in way) for way in terms.either)
        parts.append(f"({' | '.join(f'({way})' for way in ways)})")
    parts += [f"!({_all_of(group, '', set())})" for group in terms.unwanted]
    return " & ".join(parts)


def _all_of(group: Group, mark: str, begins: set[str]) -> str:
    return " & ".join(_quoted(mark + word) + (BEGUN if word in begins else "") for word in group)


def _beginnings(terms: Terms) -> set[str]:
    """The words that stand for all that begin like them, found out once for a question.

    A short word stands for itself where anything holds it.
    """
    for word in terms.words:
        if word not in terms.begun and not is_pair(word):
            whole = is_short(word) and Index().holds_anywhere(word)
            terms.begun[word] = () if whole else (BEGUN,)
    return {word for word, further in terms.begun.items() if further}


def _quoted(word: str) -> str:
    return f"'{word}'"
