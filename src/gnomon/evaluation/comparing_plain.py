"""A comparison as plain data, for the command line and other machines."""

from __future__ import annotations

from typing import Any

from gnomon.evaluation.comparing_words import sentences
from gnomon.evaluation.figures import figure_told, rounded
from gnomon.evaluation.periods import moment_named, period_named
from gnomon.evaluation.queries.comparison import Comparison, Found, Side, compare, no_period
from gnomon.evaluation.queries.lists import Within
from gnomon.jobs.moments import written
from gnomon.standard.periods import Period


def comparison_told(name: str, before: str, after: str, within: Within | None = None) -> dict[str, Any]:
    """The comparison of two periods written as 2026-01-01..2026-04-01.

    PeriodUnclear, InvalidFacts or NoSuchMeasure when that makes no sense; all are sentences.
    """
    return plain(compare(name, two_ends(before, "before"), two_ends(after, "after"), within=within))


def two_ends(text: str, name: str) -> Period:
    """The period that FROM..TO means; TO is the day after the last, as everywhere."""
    start, dots, end = text.strip().partition("..")
    if not dots or not start or not end:
        raise no_period(name)
    return period_named(moment_named(start), moment_named(end))


def plain(comparison: Comparison) -> dict[str, Any]:
    """All that the page shows."""
    measure = comparison.measure
    return {
        "measure": measure.name,
        "title": str(measure.title),
        "unit": measure.unit,
        "direction": measure.direction,
        "within": {part: list(values) for part, values in comparison.within.items()},
        "before": _side(comparison, comparison.before),
        "after": _side(comparison, comparison.after),
        "differences": [_found(found) for found in comparison.found],
        "says": sentences(comparison),
        "warnings": list(comparison.warnings),
    }


def _side(comparison: Comparison, side: Side) -> dict[str, Any]:
    return {
        "from": written(side.period.start),
        "to": written(side.period.end),
        **figure_told(comparison.measure.how, side.figure),
        "list": side.url,
    }


def _found(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {"of": found.of}
    if found.difference is None:
        return {**told, "method": None, "difference": None, "ratio": None, "low": None, "high": None, "certain": False}
    difference = found.difference
    value = rounded(difference.value)
    return {
        **told,
        "method": difference.method,
        "difference": None if difference.is_ratio else value,
        "ratio": value if difference.is_ratio else None,
        "low": rounded(difference.low),
        "high": rounded(difference.high),
        "certain": difference.is_certain,
    }
