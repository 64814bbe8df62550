"""Two periods compared, by REST (9.1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Schema

from gnomon.evaluation.comparing_plain import comparison_told
from gnomon.evaluation.periods import PeriodUnclear
from gnomon.evaluation.queries.measures import NoSuchMeasure, measure_named
from gnomon.organization.scopes import require_scope
from gnomon.records import permissions
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts

ASKS = ("before", "after", "language")


class SideTold(Schema):
    """One period: the figure, how many records it counts, and their list."""

    value: float | None
    count: int
    part: int | None = None
    median: float | None = None
    p90: float | None = None
    list: str


class DifferenceTold(Schema):
    """After less before, or after divided by before, with an interval of 95 %."""

    of: str
    method: str | None
    difference: float | None
    ratio: float | None
    low: float | None
    high: float | None
    certain: bool


class ComparisonTold(Schema):
    """Two periods of a measure, how they differ, and that in words."""

    measure: str
    title: str
    unit: str
    direction: str
    within: dict[str, list[str]]
    before: SideTold
    after: SideTold
    differences: list[DifferenceTold]
    says: list[str]
    warnings: list[str]


def compared(call: Call) -> dict[str, Any]:
    """What changed between two periods; parameters named as dimensions of the measure narrow the records."""
    try:
        measure = measure_named(call.place["measure"])
    except NoSuchMeasure as unknown:
        raise Http404(str(unknown)) from None
    kind = kind_named(measure.kind)
    if not permissions.may(call.person, "read", kind):
        raise Http404
    require_scope(call.scopes, f"{kind.name}:read")
    within = call.narrowing(ASKS)
    try:
        return comparison_told(measure.name, call.query.get("before", ""), call.query.get("after", ""), within)
    except (PeriodUnclear, NoSuchMeasure) as unclear:
        raise InvalidFacts(
            str(unclear), {"period" if isinstance(unclear, PeriodUnclear) else "within": str(unclear)}
        ) from None


MEASURE_COMPARISON = Endpoint(
    "measure_comparison", "get", "measures/{measure}/comparison", compared, "Compare two periods of a measure",
    tells=ComparisonTold,
    description="The difference with a 95 % confidence interval, in numbers and in a sentence. Dimensions of the "
    "measure are parameters that narrow it, as service=SVC-000001.",
    parameters={"before": "The first period, as 2026-01-01..2026-04-01", "after": "The second period, written alike"},
)  # fmt: skip
