"""Conditions of `standard.expressions` as the database reads them, and as filters of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast, Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField, milliseconds
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.expressions import Condition, Elapsed, Has, NotLater, Stands, Value
from gnomon.standard.plugs import Says

DAY_MS = 86_400_000
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Conditional:
    """A lens that follows from a condition: asked with a moment what stands then, else with yes or no as of now."""

    name: str
    condition: Condition
    title: Says = ""

    def __call__(self, query: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        if isinstance(self.condition, Stands):
            return query.filter(holds(self.condition, self._moment(value)))
        met = holds(self.condition, timezone.now())
        if value in YES:
            return query.filter(met)
        if value in NO:
            return query.filter(~met)
        says = _("“%(value)s” is no answer to “%(name)s”; write yes or no.")
        says %= {"value": value[:80], "name": self.name}
        raise InvalidFacts(says, {self.name: says})

    def _moment(self, text: str) -> datetime:
        from gnomon.records.narrowing import read_moment

        try:
            return read_moment(text)
        except ValueError:
            says = _("“%(value)s” is no moment; write it as 2026-01-31T18:00:00+08:00.") % {"value": text[:80]}
            raise InvalidFacts(says, {self.name: says}) from None


def holds(condition: Condition, at: datetime) -> Q:
    """The condition as of a moment, of the records as their columns have them."""
    if isinstance(condition, Stands):
        # Each end by itself, so that an index of it can serve.
        ends = [Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": at}) for end in condition.ends]
        return reduce(and_, ends, Q(**{f"{condition.start}__lt": at}))
    if isinstance(condition, NotLater):
        filled = {f"{name}__isnull": False for name in (condition.first, condition.second)}
        return Q(**filled) & Q(**{f"{condition.first}__lte": F(condition.second)})
    return Q(Exists(_others(condition, at)))


def _others(condition: Has, at: datetime) -> models.QuerySet[Any]:
    from gnomon.records.actors import SYSTEM
    from gnomon.records.kinds import kind_named
    from gnomon.records.listing import Listing

    others = Listing.of(kind_named(condition.kind), SYSTEM, condition.among).query.order_by()
    if condition.since:
        days = OuterRef(condition.days) if condition.days else models.Value(0)
        number = models.BigIntegerField()
        back = (Cast(days, number) + condition.grace) * models.Value(DAY_MS, output_field=number)
        since = models.ExpressionWrapper(models.Value(milliseconds(at), output_field=number) - back, MomentField())
        others = others.filter(**{f"{condition.since}__gte": since, f"{condition.since}__lte": at})
    return others.filter(**{condition.by: OuterRef("pk")})


def amount(value: Value) -> Any:
    """A value as an expression over the columns; time in milliseconds."""
    return F(value.end) - F(value.start) if isinstance(value, Elapsed) else F(value.name)


def earliest(names: tuple[str, ...]) -> Any:
    """The earliest of some moments that is filled, on every database."""
    if len(names) == 1:
        return F(names[0])
    # Least of several is empty on SQLite as soon as one of them is, and on PostgreSQL only when all are.
    turned = [Coalesce(*names[at:], *names[:at]) for at in range(len(names))]
    return Least(*turned)
