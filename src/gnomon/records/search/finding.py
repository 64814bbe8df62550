"""Find records by words alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gnomon.records.kinds import kind_named, kinds
from gnomon.records.search.matching import hits
from gnomon.records.search.terms import terms_of


def find_numbers(
    query: str, kind_names: Iterable[str] = (), most: int = 500, *, staff_of: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """(kind, number) of the records that hold all words of `query`, newest first within a kind.

    What was said among staff counts for the kinds in `staff_of` alone.
    """
    terms, staff, found = terms_of(query), set(staff_of), []
    for kind in [kind_named(name) for name in kind_names] or kinds():
        pks = hits(terms, kind, staff=kind.name in staff, most=most).pks
        records: Any = kind.model._base_manager
        number_of = dict(records.filter(pk__in=pks).values_list("pk", "number"))
        found += [(kind.name, number_of[pk]) for pk in pks if pk in number_of]
    return found[:most]
