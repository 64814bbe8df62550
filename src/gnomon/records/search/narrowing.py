"""The records of a list that hold the words that are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.search.matching import MOST, all_pks, among, hits
from gnomon.records.search.terms import Terms

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

    When too many hold them and the query is `narrowed` by filters, the few that the filters leave are looked
    through instead; so both a rare word and a rare filter are answered whole.
    """
    if terms.is_empty:
        return Narrowed(query) if not terms.unwanted else _without(query, terms, kind, staff)
    if most > MOST:
        return Narrowed(query.filter(pk__in=all_pks(terms, kind, staff=staff)))
    found = hits(terms, kind, staff=staff, most=most)
    if found.complete:
        return Narrowed(query.filter(pk__in=found.pks))
    left = _newest(query) if narrowed else []
    if narrowed and len(left) <= LEFT:
        return Narrowed(query.filter(pk__in=among(terms, kind, left, staff=staff)))
    titled = hits(terms, kind, staff=staff, most=most // 4, title=True)
    known = query.filter(pk__in={*found.pks, *titled.pks})
    if not narrowed or known.exists():
        return Narrowed(known, complete=False)
    return Narrowed(query.filter(pk__in=among(terms, kind, left, staff=staff)), complete=False)


def _newest(query: models.QuerySet[Any]) -> list[int]:
    return list(query.order_by("-pk").values_list("pk", flat=True)[: LEFT + 1])


def _without(query: models.QuerySet[Any], terms: Terms, kind: Kind, staff: bool) -> Narrowed:
    """The newest records of a query that do not hold what is unwanted."""
    left = _newest(query)
    held: set[int] = set()
    for group in terms.unwanted:
        held |= among(Terms((group,)), kind, left, staff=staff)
    return Narrowed(query.filter(pk__in=[pk for pk in left if pk not in held]), complete=len(left) <= LEFT)
