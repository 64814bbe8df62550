"""Measures as of a moment that has passed: over the records as the ledger knew them then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gnomon.evaluation.asking import Asking, asking
from gnomon.evaluation.figures import Figure
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.as_of import Past
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.rows import Row, figure_of, figures_by, kept, key_of
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

Counted = tuple[Figure, Sequence[str]]  # and the numbers of the records that count


def counted(measure: Measure, period: Period, within: Within, as_of: datetime) -> Counted:
    """The same with the records that it counts."""
    asked, past = _asked(measure, period, within, as_of), Past(as_of)
    rows = kept(asked, past.rows(asked.kind, asked.fields), past.others)
    return figure_of(asked, rows, past.others), [row["number"] for row in rows]


def counted_by(
    measure: Measure, period: Period, within: Within, as_of: datetime, by: str
) -> tuple[Counted, Mapping[Any, Counted]]:
    """The same, and for each value of a dimension that occurs."""
    asked, past = _asked(measure, period, within, as_of), Past(as_of)
    rows = kept(asked, past.rows(asked.kind, (*asked.fields, by)), past.others)
    groups = {
        key: (found, [row["number"] for row in rows if key_of(row, by) == key])
        for key, found in figures_by(asked, rows, by, past.others).items()
    }
    return (figure_of(asked, rows, past.others), [row["number"] for row in rows]), groups


def counted_in(measure: Measure, periods: Sequence[Period], within: Within, as_of: datetime) -> list[Counted]:
    """The same for each of several periods; a register is read as of the end of each."""
    if measure.is_of_register:
        return [counted(measure, period, within, read_at(measure, period, as_of)) for period in periods]
    if not periods:
        return []
    past = Past(as_of)
    each = [_asked(measure, period, within, as_of) for period in periods]
    # The periods differ in their bounds alone, so one reading serves them all.
    rows: list[Row] = list(past.rows(each[0].kind, each[0].fields))
    chosen = [(asked, kept(asked, rows, past.others)) for asked in each]
    return [(figure_of(asked, some, past.others), [row["number"] for row in some]) for asked, some in chosen]


def read_at(measure: Measure, period: Period, as_of: datetime) -> datetime:
    """As of when a period of several is read."""
    return min(period.end, as_of) if measure.is_of_register else as_of


def _asked(measure: Measure, period: Period, within: Within, as_of: datetime) -> Asking:
    given = lists.parameters(measure, period, within, as_of)
    return asking(measure, given, lists.stands_at(period, as_of))
