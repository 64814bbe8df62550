"""Which records hold the words that somebody asks for, newest first, with a bound on what it may cost.

A word that stands in a hundred thousand records cannot be answered whole in the time that a page has, and
nobody reads on after the first hundred. So the newest `MOST` are taken, and it is said when there are more.
A word is looked for as it is; only when that does not fill the bound, as the beginning of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from gnomon.records.kinds import Kind
from gnomon.records.search import on_postgresql, on_sqlite
from gnomon.records.search.tables import KEY, ROW_BITS, STAFF, bounds, key_of, kind_code, pk_of
from gnomon.records.search.terms import Terms

MOST = 2000
on_this: on_sqlite.Index | on_postgresql.Index = (
    on_postgresql.Index() if connection.vendor == "postgresql" else on_sqlite.Index()
)


@dataclass(frozen=True, slots=True)
class Hits:
    """Records by primary key, newest first; `complete` unless there are more."""

    pks: tuple[int, ...]
    complete: bool = True


def hits(terms: Terms, kind: Kind, *, staff: bool, most: int = MOST, title: bool = False) -> Hits:
    """The newest records of a kind that hold the words; in their titles when `title`.

    What was said among staff counts when `staff`.
    """
    if terms.is_empty:
        return Hits(())
    keys, complete = on_this.newest(terms, kind, most + 1, title=title, whole=True)
    if complete:
        keys, complete = on_this.newest(terms, kind, most + 1, title=title, whole=False)
    pks = tuple(dict.fromkeys(pk_of(key) for key in keys if staff or not key & STAFF))
    return Hits(pks[:most], complete and len(pks) <= most)


def among(terms: Terms, kind: Kind, pks: Iterable[int], *, staff: bool) -> set[int]:
    """Those of these records that hold the words."""
    keys = [key_of(kind.name, pk, also) for pk in pks for also in ((False, True) if staff else (False,))]
    if not keys or terms.is_empty:
        return set()
    return {pk_of(key) for key in on_this.among(terms, keys)}


def holds_anywhere(word: str) -> bool:
    """Whether any record holds exactly this word."""
    return on_this.holds_anywhere(word)


def holding_kinds(terms: Terms, among_kinds: Sequence[Kind], staff_of: set[str]) -> list[Kind]:
    """Those kinds of which a record may hold the words; all that were given when no words are wanted."""
    if terms.is_empty:
        return list(among_kinds)
    codes = {kind_code(kind.name): kind.name in staff_of for kind in among_kinds}
    held = on_this.kinds_holding(terms, [kind.name for kind in among_kinds])
    return [kind for kind in among_kinds if kind_code(kind.name) in held & codes.keys()]


def all_pks(terms: Terms, kind: Kind, *, staff: bool) -> RawSQL:
    """Every record of a kind that holds the words, for use inside another query."""
    first, last = bounds(kind.name)
    condition, parameters = on_this.condition(terms)
    public = "" if staff else f" AND {KEY} & {STAFF} = 0"
    return RawSQL(
        f"SELECT ({KEY} & {(1 << ROW_BITS) - 1}) >> 1 FROM records_search "
        f"WHERE {condition} AND {KEY} BETWEEN %s AND %s{public}",
        (*parameters, first, last),
    )
