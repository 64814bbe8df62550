"""Count what a measure counts, in as few passes over the table as it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Cast

from gnomon.evaluation.asking import Meets, Test, filled, stands_of, tests_of
from gnomon.evaluation.figures import NOTHING, Figure, counted, mean, share
from gnomon.evaluation.queries.lists import Parameters, records_of
from gnomon.jobs.moments import MomentField, milliseconds, moment
from gnomon.records.conditions import amount, holds
from gnomon.records.kinds import Kind, kind_named
from gnomon.standard.plugs import Measure

AT_ONCE = 5_000


def figure_of(measure: Measure, given: Parameters, stands_at: datetime) -> Figure:
    """The figure of all records that the parameters show."""
    whole = figures_by(measure, given, Value(0, output_field=models.IntegerField()), stands_at)
    return whole.get(0, none_of(measure))


def figures_by(measure: Measure, given: Parameters, key: Any, stands_at: datetime) -> Mapping[Any, Figure]:
    """The figure for each value of an expression, of the records that the parameters show."""
    if measure.how == "mean":
        values = values_by(measure, given, key, stands_at)
        return {group: mean(found, measure.scale) for group, found in values.items()}
    records = records_of(measure.kind, given).annotate(group_key=key)
    grouped = records.values("group_key")
    if measure.how == "share":
        rows = grouped.annotate(whole=Count("pk"), part=Count("pk", filter=part_of(measure, stands_at)))
        return {group: share(part, whole) for group, whole, part in rows.values_list("group_key", "whole", "part")}
    rows = grouped.annotate(whole=Count("pk"))
    return {group: counted(whole) for group, whole in rows.values_list("group_key", "whole")}


def values_by(measure: Measure, given: Parameters, key: Any, stands_at: datetime) -> Mapping[Any, list[float]]:
    """What each record adds to a mean, for each value of an expression."""
    records = records_of(measure.kind, given).annotate(group_key=key)
    values: dict[Any, list[float]] = defaultdict(list)
    for group, value in raw_rows(records.values_list("group_key", value_of(measure, stands_at))):
        if value is not None:
            values[group].append(value)
    return values


def none_of(measure: Measure) -> Figure:
    """The figure of no records."""
    return {"mean": NOTHING, "share": share(0, 0), "count": counted(0)}[measure.how]


def value_of(measure: Measure, stands_at: datetime) -> Any:
    """What one record adds to a mean; of what stands, the milliseconds since its time began."""
    if measure.value is not None:
        return amount(measure.value)
    start = in_milliseconds(F(stands_of(measure).start))
    return Value(milliseconds(stands_at), output_field=models.BigIntegerField()) - start


def part_of(measure: Measure, at: datetime) -> Q:
    """What a record keeps that counts for a share."""
    return _all_of(measure, measure.holds, at)


def among_of(measure: Measure, at: datetime) -> Q:
    """What a record keeps that counts at all."""
    return _all_of(measure, measure.among, at)


def _all_of(measure: Measure, parameters: Mapping[str, str], at: datetime) -> Q:
    kind = kind_named(measure.kind)
    return reduce(and_, [_q(kind, test) for test in tests_of(kind, filled(parameters, at), milliseconds(at))], Q())


def _q(kind: Kind, test: Test | Meets) -> Q:
    if isinstance(test, Meets):
        met = holds(test.condition, moment(test.at))
        return met if test.wanted else ~met
    field: Any = kind.model._meta.get_field(test.field)
    values = [moment(value) if isinstance(field, MomentField) and value is not None else value for value in test.values]
    if test.says in {"from", "to"}:
        return Q(**{f"{field.name}__{'gte' if test.says == 'from' else 'lt'}": values[0]})
    empty = (Q(**{f"{field.name}__isnull": True}) if field.null else Q(**{field.name: ""})) if None in values else Q()
    name = f"{field.name}__number" if isinstance(field, models.ForeignKey) else field.name
    given = [value for value in values if value is not None]
    # One value is asked for by itself: of yes and no, an index of those that say yes can serve then.
    within = Q(**({name: given[0]} if len(given) == 1 else {f"{name}__in": given}))
    among = (empty | within) if given else empty
    return among if test.says == "any" else ~among


def add(found: dict[Any, tuple[int, int]], key: Any, whole: int, part: int) -> None:
    """Add a whole and a part to those of a key."""
    before = found.get(key, (0, 0))
    found[key] = before[0] + whole, before[1] + part


def raw_rows(query: models.QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query of numbers as the database gives them: a year's rows need no conversion one by one."""
    return list(each_raw_row(query))


def each_raw_row(query: models.QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """The same one after another, a few thousand made at once."""
    try:
        sql, parameters = query.query.sql_with_params()
    except EmptyResultSet:
        return
    with connections[query.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


def in_milliseconds(moment: Any) -> Any:
    """A moment as the number that the column holds, which costs less to fetch than a datetime."""
    return Cast(moment, models.BigIntegerField())
