"""The first keys of a list in its order, found without looking at all that its filters let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

WINDOW = 2000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list, from a place on, in an order that ends in the key."""

    within: Q
    order: Sequence[Any]

    def first(self, query: models.QuerySet[Any], count: int, *, along: bool) -> list[int]:
        """The keys of the first `count` records of the query in this stretch.

        Three hundred thousand open incidents are not gathered and sorted to show fifty: `along` the order, its
        first `WINDOW` records are looked at, and mostly enough of them fit. Only when they do not are the filters
        asked for all that they let through, and those are few then or far down.
        """
        rows = query.filter(self.within).order_by(*self.order)
        if along:
            window = query.model._base_manager.filter(self.within).order_by(*self.order).values("pk")
            near = rows.filter(pk__in=window[: max(WINDOW, count * 4)])
            found = list(near.values_list("pk", flat=True)[:count])
            if len(found) == count:
                return found
        return list(rows.values_list("pk", flat=True)[:count])


@cache
def has_index(model: type[models.Model], name: str) -> bool:
    """Whether records can be read in the order of a field."""
    if name in {"id", "number"}:
        return True
    field: Any = model._meta.get_field(name)
    firsts = {index.fields[0].removeprefix("-") for index in model._meta.indexes if index.fields}
    return field.db_index or field.unique or name in firsts


@cache
def has_index_of(model: type[models.Model], fixed: frozenset[str], order: str) -> bool:
    """Whether an index holds just those records whose `fixed` fields have one value each, in this order."""
    return any(
        len(index.fields) == len(fixed) + 1 and set(index.fields[:-1]) == fixed and index.fields[-1] == order
        for index in model._meta.indexes
        if index.condition is None
    )
