"""Measures over rows in memory: what each engine must agree with, and what the past is measured by; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from gnomon.evaluation.asking import Asking, Meets, Test
from gnomon.evaluation.figures import NOTHING, Figure, counted, mean, share
from gnomon.records.conditions import DAY_MS
from gnomon.standard.expressions import Elapsed, Field, Has, NotLater, Stands, Value

Row = Mapping[str, Any]
# The rows of other kinds that a `Has` looks for, by the number that they point to.
Others = Callable[[Has, int], Mapping[str, Collection[Row]]]
EMPTY = (None, "")


def kept(asked: Asking, rows: Iterable[Row], others: Others) -> list[Row]:
    """The rows that count."""
    return [row for row in rows if all(meets(test, row, others) for test in asked.tests)]


def figure_of(asked: Asking, rows: Collection[Row], others: Others) -> Figure:
    """The figure of rows that count."""
    if asked.how == "count":
        return counted(len(rows))
    if asked.how == "share":
        return share(sum(all(meets(test, row, others) for test in asked.holds) for row in rows), len(rows))
    assert asked.value is not None
    values = [amount_of(asked.value, row, asked.at) for row in rows]
    return mean([value for value in values if value is not None], asked.scale)


def figures_by(asked: Asking, rows: Iterable[Row], by: str, others: Others) -> Mapping[Any, Figure]:
    """The same for each value of a field; what is empty goes together."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key_of(row, by)].append(row)
    found = {key: figure_of(asked, group, others) for key, group in groups.items()}
    return {key: figure for key, figure in found.items() if figure != NOTHING}


def key_of(row: Row, by: str) -> Any:
    """The value of a dimension, None for what is empty."""
    return None if row[by] in EMPTY else row[by]


def meets(test: Test | Meets, row: Row, others: Others) -> bool:
    """Whether one row meets one test."""
    if isinstance(test, Meets):
        return _holds(test, row, others) == test.wanted
    value = row[test.field]
    if test.says in {"any", "not"}:
        among = value in test.values or (None in test.values and value in EMPTY)
        return among == (test.says == "any")
    if value in EMPTY:
        return False
    return bool(value >= test.values[0] if test.says == "from" else value < test.values[0])


def _holds(test: Meets, row: Row, others: Others) -> bool:
    condition = test.condition
    if isinstance(condition, Stands):
        began = row[condition.start]
        ends = [row[end] for end in condition.ends if row[end] is not None]
        return began is not None and began < test.at and (not ends or min(ends) >= test.at)
    if isinstance(condition, NotLater):
        first, second = row[condition.first], row[condition.second]
        return first is not None and second is not None and first <= second
    found = others(condition, test.at).get(row["number"], ())
    if not condition.since:
        return bool(found)
    days = (row[condition.days] or 0) if condition.days else 0
    return any(0 <= test.at - other[condition.since] <= (days + condition.grace) * DAY_MS for other in found)


def amount_of(value: Value, row: Row, at: int) -> float | None:
    """What one row adds to a mean; of what stands, its age at a moment."""
    if isinstance(value, Field):
        found: float | None = row[value.name]
        return found
    assert isinstance(value, Elapsed)
    start, end = row[value.start], row[value.end] if value.end else at
    return None if start is None or end is None else end - start
