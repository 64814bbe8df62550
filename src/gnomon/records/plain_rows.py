"""Pages of records as plain data, straight from the row: no record is made of it, and its columns know their way.

What a column turns into is found out once. A list of twenty-five incidents is eleven hundred values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection, models

from gnomon.jobs.asking import among, rows_of
from gnomon.jobs.moments import EPOCH, MomentField
from gnomon.records.facts import fact
from gnomon.records.kinds import Kind

Write = Callable[[Any], Any]
AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def plain_of_keys(kind: Kind, keys: Sequence[int], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """These fields of the records with these keys, in the order of the keys; what is gone is left out."""
    if not keys:
        return []
    sql, writers = _worded(kind, names, connection.vendor)
    these, given = among(keys)
    told = {}
    for row in rows_of(sql + these, given, often=True):
        values = list(row)
        for place, write in writers:
            if values[place] is not None:
                values[place] = write(values[place])
        told[values[0]] = dict(zip(names, values[1:], strict=True))
    return [told[key] for key in keys if key in told]


@cache
def _worded(kind: Kind, names: tuple[str, ...], _vendor: str) -> tuple[str, tuple[tuple[int, Write], ...]]:
    """The question without its keys, and the columns that are not told as they are kept."""
    fields: list[Any] = [kind.model._meta.get_field(name) for name in names]
    columns = [f"{f.name}__number" if isinstance(f, models.ForeignKey) else f.name for f in fields]
    query = kind.model._base_manager.order_by().values_list("pk", *columns).query
    compiler = query.get_compiler(using=connection.alias)
    sql, _nothing = compiler.as_sql()
    assert " WHERE " not in sql, "A question for all records has no condition yet."
    meta: Any = kind.model._meta
    key = f"{connection.ops.quote_name(meta.db_table)}.{connection.ops.quote_name(meta.pk.column)}"
    converters = compiler.get_converters([chosen[0] for chosen in compiler.select])
    writers = [
        (place, write)
        for place, field in enumerate(fields, 1)
        if (write := _writer(field, *converters.get(place, ((), None)))) is not None
    ]
    return f"{sql} WHERE {key}", tuple(writers)


def _writer(field: Any, converters: Sequence[Any], expression: Any) -> Write | None:
    if isinstance(field, MomentField):
        return moment_of_milliseconds
    if not converters and isinstance(field, AS_IT_IS):
        return None

    def write(value: Any) -> Any:
        for convert in converters:
            value = convert(value, expression, connection)
        return fact(value)

    return write


def moment_of_milliseconds(kept: int) -> str:
    """As the ledger writes moments."""
    return (EPOCH + timedelta(milliseconds=kept)).isoformat(timespec="milliseconds")[:-6] + "Z"
