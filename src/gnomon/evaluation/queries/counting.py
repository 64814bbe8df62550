"""Count what a measure counts, in as few passes over the table as it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, F, Value
from django.db.models.functions import Cast

from gnomon.evaluation.figures import NOTHING, Figure, counted, mean, share
from gnomon.evaluation.queries.lists import Parameters, records_of
from gnomon.jobs.moments import milliseconds
from gnomon.standard.plugs import Measure


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
        rows = grouped.annotate(whole=Count("pk"), part=Count("pk", filter=measure.value))
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
        return measure.value
    return Value(milliseconds(stands_at), output_field=models.BigIntegerField()) - in_milliseconds(F(measure.spell[0]))


def raw_rows(query: models.QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query of numbers as the database gives them: a year's rows need no conversion one by one."""
    try:
        sql, parameters = query.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[query.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def in_milliseconds(moment: Any) -> Any:
    """A moment as the number that the column holds, which costs less to fetch than a datetime."""
    return Cast(moment, models.BigIntegerField())
