"""The records of a list that hold the words that are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.search.matching import MOST, all_pks, among, hits
from gnomon.records.search.terms import Terms

ENOUGH = 51  # a page, and one more
LEFT = 4000  # records that filters may leave to be looked through one by one


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The records of a query that hold the words; `complete` unless only the newest were looked through."""

    query: models.QuerySet[Any]
    complete: bool = True


def narrow(
    query: models.QuerySet[Any], terms: Terms, kind: Kind, *, staff: bool, narrowed: bool, most: int = MOST
) -> Narrowed:
    """The records of a query that hold the words.

    When too many hold them and the newest of those hardly fill a page of a query `narrowed` by filters, the few
    that the filters leave are looked through instead; so both a rare word and a rare filter are answered whole.
    Who is not `staff` sees few records of a kind: those are looked through at once.
    """
    if terms.is_empty:
        return Narrowed(query) if not terms.unwanted else _without(query, terms, kind, staff)
    if most > MOST:
        return Narrowed(query.filter(pk__in=all_pks(terms, kind, staff=staff)))
    if not staff:
        return _looked_through(query, terms, kind, staff)
    found = hits(terms, kind, staff=staff, most=most)
    if found.complete:
        return Narrowed(query.filter(pk__in=found.pks))
    titled = hits(terms, kind, staff=staff, most=most // 4, title=True)
    known = query.filter(pk__in={*found.pks, *titled.pks})
    if not narrowed or len(known.values_list("pk", flat=True)[:ENOUGH]) == ENOUGH:
        return Narrowed(known, complete=False)
    return _looked_through(query, terms, kind, staff)


def _looked_through(query: models.QuerySet[Any], terms: Terms, kind: Kind, staff: bool) -> Narrowed:
    """The newest records of a query that hold the words, by their keys alone.

    What the query asks was asked when its keys were read; a database would work all of it out once more.
    """
    left = _newest(query)
    held = among(terms, kind, left, staff=staff)
    return Narrowed(kind.model.objects.filter(pk__in=held), complete=len(left) <= LEFT)


def _newest(query: models.QuerySet[Any]) -> list[int]:
    return list(query.order_by("-pk").values_list("pk", flat=True)[: LEFT + 1])


def _without(query: models.QuerySet[Any], terms: Terms, kind: Kind, staff: bool) -> Narrowed:
    """The newest records of a query that do not hold what is unwanted."""
    left = _newest(query)
    held: set[int] = set()
    for group in terms.unwanted:
        held |= among(Terms((group,)), kind, left, staff=staff)
    return Narrowed(query.filter(pk__in=[pk for pk in left if pk not in held]), complete=len(left) <= LEFT)
