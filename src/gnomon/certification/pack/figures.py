"""The measures of a period, each with exactly the records that it counts (9.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gnomon.certification.pack.parts import Lists, both
from gnomon.evaluation.figures import PLACES
from gnomon.evaluation.queries.measures import evaluate, measures, numbers_behind
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure


def figures(period: Period, now: datetime, lists: Lists) -> Iterator[dict[str, Any]]:
    """Every declared measure over the period, in the order of its process."""
    for measure in sorted(measures().values(), key=lambda one: (one.process, one.name)):
        yield _figure(measure, period, now, lists)


def _figure(measure: Measure, period: Period, now: datetime, lists: Lists) -> dict[str, Any]:
    figure = evaluate(measure.name, period, now=now).figure
    return {
        "measure": measure.name,
        "process": measure.process,
        "title": both(lambda: measure.title),
        "formula": both(lambda: measure.formula),
        "unit": measure.unit,
        "direction": measure.direction,
        "target": measure.target,
        "value": _rounded(figure.value),
        "median": _rounded(figure.median),
        "p90": _rounded(figure.p90),
        "part": figure.part,
        "counted": lists.keep(numbers_behind(measure.name, period, now=now)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
