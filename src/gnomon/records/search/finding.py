"""Find records by words alone."""

from __future__ import annotations

from collections.abc import Iterable

from gnomon.records.kinds import kind_named, kinds
from gnomon.records.queries.together import one_of, rows_together
from gnomon.records.search.matching import hits
from gnomon.records.search.terms import terms_of


def find_numbers(
    query: str, kind_names: Iterable[str] = (), most: int = 500, *, staff_of: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """(kind, number) of the records that hold all words of `query`, newest first within a kind.

    What was said among staff counts for the kinds in `staff_of` alone.
    """
    asked = [kind_named(name) for name in kind_names] or kinds()
    found = hits(terms_of(query), asked, staff_of=set(staff_of), most=most)
    rows = rows_together({
        kind: kind.model._base_manager.filter(pk__in=one_of(found[kind].pks)).order_by().values_list("pk", "number")
        for kind in asked
        if kind in found
    })  # fmt: skip
    return [(kind.name, number) for kind, some in rows.items() for _pk, number in sorted(some, reverse=True)][:most]
