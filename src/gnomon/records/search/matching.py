"""Which records hold the words that somebody asks for, newest first, with a bound on what it may cost.

A word that stands in a hundred thousand records cannot be answered whole in the time that a page has, and
nobody reads on after the first hundred. So the newest `MOST` are taken, and it is said when there are more.
A word is looked for as it is; only when that does not fill the bound, as the beginning of others.
All kinds are asked at once: the number of statements does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from gnomon.records.kinds import Kind
from gnomon.records.search import on_postgresql, on_sqlite
from gnomon.records.search.tables import KEY, ROW_BITS, STAFF, bounds, key_of, kind_of_key, pk_of
from gnomon.records.search.terms import Terms

MOST = 1000
on_this: on_sqlite.Index | on_postgresql.Index = (
    on_postgresql.Index() if connection.vendor == "postgresql" else on_sqlite.Index()
)


@dataclass(frozen=True, slots=True)
class Hits:
    """Records of a kind by primary key, newest first; `complete` unless there are more."""

    pks: tuple[int, ...]
    complete: bool = True


def hits(
    terms: Terms, kinds: Iterable[Kind], *, staff_of: Container[str], most: int = MOST, title: bool = False
) -> dict[Kind, Hits]:  # fmt: skip
    """The newest records of each kind that hold the words, in their titles when `title`; kinds without any are absent.

    What was said among staff counts for the kinds in `staff_of` alone.
    """
    named = {kind.name: kind for kind in kinds}
    if terms.is_empty or not named:
        return {}
    found: dict[Kind, Hits] = {}
    rows = most + most // 4 + 1  # some records have two, one of them with what was said among staff
    for name, (keys, complete) in on_this.newest(terms, list(named), rows, title=title).items():
        pks = tuple(dict.fromkeys(pk_of(key) for key in keys if name in staff_of or not key & STAFF))
        if pks:
            found[named[name]] = Hits(pks[:most], complete and len(pks) <= most)
    return found


def among(
    terms: Terms, pks: Mapping[Kind, Iterable[int]], *, staff_of: Container[str], title: bool = False
) -> dict[Kind, set[int]]:  # fmt: skip
    """Those of these records that hold the words, in their titles when `title`."""
    found: dict[Kind, set[int]] = {kind: set() for kind in pks}
    asked = {kind.name: [key_of(kind.name, pk) for pk in some] for kind, some in pks.items()}
    for key in on_this.among(terms, asked, title=title) if not terms.is_empty else ():
        kind = kind_of_key(key)
        if kind is not None and (kind.name in staff_of or not key & STAFF):
            found[kind].add(pk_of(key))
    return found


def holds_anywhere(word: str) -> bool:
    """Whether any record holds exactly this word."""
    return on_this.holds_anywhere(word)


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
