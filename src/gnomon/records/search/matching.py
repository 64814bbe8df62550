"""Which records hold the words that somebody asks for, newest first, with a bound on what it may cost.

A word that stands in a hundred thousand records cannot be answered whole in the time that a page has, and
nobody reads on after the first hundred. So the newest `MOST` are taken, and it is said when there are more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from gnomon.records.kinds import Kind
from gnomon.records.search.asking import Asked, Words
from gnomon.records.search.index import KIND, TITLE
from gnomon.records.search.tables import TABLE, bounds, key_of, pk_of
from gnomon.records.search.words import asked_words, is_han, phrase_words

MOST = 2000
WINDOWS = (20_000, 60_000)  # PostgreSQL: how far back the newest are looked for before any will do


@dataclass(frozen=True, slots=True)
class Terms:
    """What the index is asked: all of `wanted` and none of `unwanted`, each a list of words; phrases in a row."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    either: tuple[tuple[tuple[str, ...], ...], ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not self.wanted and not self.either


@dataclass(frozen=True, slots=True)
class Hits:
    """Records by primary key, newest first; `complete` unless there are more."""

    pks: tuple[int, ...]
    complete: bool = True


def terms_of(asked: Asked | str) -> Terms:
    """What the index is asked for the words of a question."""
    words = (Words(asked),) if isinstance(asked, str) else asked.words
    wanted, unwanted, phrases = [], [], []
    for one in words:
        cut = tuple(asked_words(one.text))
        if not cut:
            continue
        if one.unwanted:
            unwanted.append(cut)
            continue
        wanted.append(cut)
        if one.quoted and len(cut) > 1:
            phrases.append(tuple(phrase_words(one.text)))
    return Terms(tuple(wanted), tuple(unwanted), tuple(phrases))


def hits(terms: Terms, kind: Kind, *, staff: bool, most: int = MOST, title: bool = False) -> Hits:
    """The newest records of a kind that hold the words; in their titles when `title`.

    What was said among staff counts when `staff`.
    """
    if terms.is_empty:
        return Hits(())
    keys, complete = (_postgres_hits if connection.vendor == "postgresql" else _sqlite_hits)(
        terms, kind, most + 1, title
    )
    pks = tuple(dict.fromkeys(pk_of(key) for key in keys if staff or not key & 1))
    return Hits(pks[:most], complete and len(pks) <= most)


def among(terms: Terms, kind: Kind, pks: Iterable[int], *, staff: bool) -> set[int]:
    """Those of these records that hold the words."""
    keys = [key_of(kind.name, pk, also) for pk in pks for also in ((False, True) if staff else (False,))]
    if not keys or terms.is_empty:
        return set()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT id FROM {TABLE} WHERE words @@ %s::tsquery AND id = ANY(%s)", [_tsquery(terms), keys]
            )
        else:
            # The plus keeps SQLite from looking every key up in the index by itself.
            marks = ",".join(map(str, keys))
            cursor.execute(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s "
                f"AND +rowid IN ({marks}){_in_a_row(terms)}",
                [_match(terms), min(keys), max(keys), *_rows_of_words(terms)],
            )
        return {pk_of(key) for (key,) in cursor.fetchall()}


def narrow(query: models.QuerySet[Any], terms: Terms, kind: Kind, *, staff: bool, narrowed: bool) -> tuple[
    models.QuerySet[Any], bool
]:  # fmt: skip
    """The records of a query that hold the words, and whether those are all.

    When too many hold them and the query is `narrowed` by filters, the few that the filters leave are looked
    through instead; so both a rare word and a rare filter are answered whole.
    """
    found = hits(terms, kind, staff=staff)
    if found.complete:
        return query.filter(pk__in=found.pks), True
    if narrowed:
        left = list(query.order_by("-pk").values_list("pk", flat=True)[: MOST * 2 + 1])
        if len(left) <= MOST * 2 or not query.filter(pk__in=found.pks).exists():
            return query.filter(pk__in=among(terms, kind, left, staff=staff)), len(left) <= MOST * 2
    return query.filter(pk__in=found.pks), False


# --- SQLite ---------------------------------------------------------------------------------------


def _sqlite_hits(terms: Terms, kind: Kind, most: int, title: bool) -> tuple[list[int], bool]:
    first, last = bounds(kind.name)
    deep = most if not terms.phrases else most * 3
    with connection.cursor() as cursor:
        held = f", {_holds(terms)}" if terms.phrases else ""
        cursor.execute(
            f"SELECT rowid{held} FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s "
            "ORDER BY rowid DESC LIMIT %s",
            [*(_rows_of_words(terms) if terms.phrases else ()), _match(terms, title), first, last, deep],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows if len(row) == 1 or row[1]], len(rows) < deep


def _match(terms: Terms, title: bool = False) -> str:
    mark = TITLE if title else ""
    parts = [_all_of(words, mark) for words in terms.wanted]
    if terms.either:
        parts.append(
            "(" + " OR ".join(f"({' AND '.join(_all_of(w, mark) for w in way)})" for way in terms.either) + ")"
        )
    return " AND ".join(parts) + "".join(f" NOT ({_all_of(words, '')})" for words in terms.unwanted)


def _all_of(words: Sequence[str], mark: str) -> str:
    # Pairs of signs stand for themselves; all else may go on.
    return " AND ".join(f'"{mark}{word}"' + ("" if _is_pair(word) else "*") for word in words)


def _is_pair(word: str) -> bool:
    return len(word) == 2 and is_han(word)


def _holds(terms: Terms) -> str:
    return " AND ".join("instr(' ' || words || ' ', %s) > 0" for _phrase in terms.phrases)


def _in_a_row(terms: Terms) -> str:
    return f" AND {_holds(terms)}" if terms.phrases else ""


def _rows_of_words(terms: Terms) -> list[str]:
    return [f" {' '.join(phrase)} " for phrase in terms.phrases]


# --- PostgreSQL -----------------------------------------------------------------------------------


def _postgres_hits(terms: Terms, kind: Kind, most: int, title: bool) -> tuple[list[int], bool]:
    first, last = bounds(kind.name)
    asked = _tsquery(terms, title)
    with connection.cursor() as cursor:
        # MATERIALIZED: planned as if all were wanted, so by the index of words, and ended at the limit.
        cursor.execute(
            f"WITH hit AS MATERIALIZED (SELECT id FROM {TABLE} WHERE words @@ %s::tsquery AND id BETWEEN %s AND %s) "
            "SELECT id FROM hit LIMIT %s",
            [f"'{KIND}{kind.name}' & {asked}", first, last, most],
        )
        some = sorted((key for (key,) in cursor.fetchall()), reverse=True)
        if len(some) < most:
            return some, True
        newest: list[int] = []
        cursor.execute(f"SELECT max(id) FROM {TABLE} WHERE id BETWEEN %s AND %s", [first, last])
        upper = cursor.fetchone()[0]
        for window in WINDOWS:
            cursor.execute(
                f"WITH late AS MATERIALIZED (SELECT id, words FROM {TABLE} WHERE id BETWEEN %s AND %s "
                f"ORDER BY id DESC LIMIT {window}) SELECT id FROM late WHERE words @@ %s::tsquery LIMIT %s",
                [first, upper, asked, most - len(newest)],
            )
            newest += [key for (key,) in cursor.fetchall()]
            if len(newest) >= most:
                break
            upper -= window * 2
        return list(dict.fromkeys([*newest, *some]))[:most], False


def _tsquery(terms: Terms, title: bool = False) -> str:
    mark = TITLE if title else ""
    parts = [_all_lexemes(words, mark) for words in terms.wanted]
    parts += [f"({' <-> '.join(_quoted(word) for word in phrase)})" for phrase in terms.phrases]
    if terms.either:
        parts.append(
            "(" + " | ".join(f"({' & '.join(_all_lexemes(w, mark) for w in way)})" for way in terms.either) + ")"
        )
    parts += [f"!({_all_lexemes(words, '')})" for words in terms.unwanted]
    return " & ".join(parts)


def _all_lexemes(words: Sequence[str], mark: str) -> str:
    return " & ".join(_quoted(mark + word) + ("" if _is_pair(word) else ":*") for word in words)


def _quoted(word: str) -> str:
    return f"'{word}'"
