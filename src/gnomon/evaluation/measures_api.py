"""Measures by REST: which there are, what one says, and what it said day by day (9.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema

from gnomon.evaluation.asking import NotAskable
from gnomon.evaluation.periods import PeriodUnclear
from gnomon.evaluation.queries import snapshots
from gnomon.evaluation.queries.measures import NoSuchMeasure, check_dimension, check_narrowing, measure_named
from gnomon.evaluation.telling import described, readable, report
from gnomon.organization.scopes import permits, require_scope
from gnomon.records import permissions
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Measure

ASKS = ("from", "to", "by", "as_of", "language")


class MeasureTold(Schema):
    """What a measure is; `population` is all that decides a figure."""

    measure: str
    title: str
    process: str
    process_title: str
    clauses: list[str]
    owner: str
    formula: str
    unit: str
    direction: str
    target: float | None
    aim: str
    dimensions: list[str]
    kept_by: list[str]
    version: int
    definition: str
    population: dict[str, Any]


class SnapshotTold(Schema):
    """What a measure said of a day, and by which definition; `taken_at` tells what could be known."""

    day: str
    value: float | None
    count: int
    part: int | None
    median: float | None
    p90: float | None
    version: int
    definition: str
    taken_at: str


def listed(call: Call) -> list[dict[str, Any]]:
    """The measures of the records that whoever calls may read."""
    return [described(one) for one in readable(call.person) if permits(call.scopes, f"{one.kind}:read")]


def told(call: Call) -> dict[str, Any]:
    """What a measure says of a period, by a dimension, as of a moment; other parameters narrow the records."""
    measure, query = measure_asked(call), call.query
    within = call.narrowing(ASKS)
    try:
        check_narrowing(measure, within)
        return report(
            measure.name, query.get("from", ""), query.get("to", ""), query.get("by", ""),
            as_of=query.get("as_of", ""), within=within,
        )  # fmt: skip
    except (PeriodUnclear, NoSuchMeasure, NotAskable) as unclear:
        raise _refused(unclear) from None


def kept(call: Call) -> list[dict[str, Any]]:
    """The snapshots of a measure between two days, of all records or of one value of a dimension."""
    measure, query = measure_asked(call), call.query
    by = query.get("by", "")
    try:
        check_dimension(measure, by)
        first, last = (_day(query[name]) if query.get(name) else None for name in ("from", "to"))
    except (PeriodUnclear, NoSuchMeasure) as unclear:
        raise _refused(unclear) from None
    return [each.as_json() for each in snapshots.series(measure, first, last, by, query.get("key", ""))]


def measure_asked(call: Call) -> Measure:
    """The measure of the address; to those who may not read its records there is none."""
    try:
        measure = measure_named(call.place["measure"])
    except NoSuchMeasure as unknown:
        raise Http404(str(unknown)) from None
    if not permissions.may(call.person, "read", kind_named(measure.kind)):
        raise Http404
    require_scope(call.scopes, f"{measure.kind}:read")
    return measure


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeriodUnclear(_("“%(text)s” is no day; write it as 2026-01-31.") % {"text": text[:80]}) from None


def _refused(unclear: Exception) -> InvalidFacts:
    field = "period" if isinstance(unclear, PeriodUnclear) else "by"
    return InvalidFacts(str(unclear), {field: str(unclear)})


LIST_MEASURES = Endpoint(
    "list_measures", "get", "measures", listed, "The measures of the records that you may read",
    tells=list[MeasureTold],
)  # fmt: skip
TELL_MEASURE = Endpoint(
    "tell_measure", "get", "measures/{measure}", told, "What a measure says of a period",
    description="With `as_of` it says what it would have said at that moment, by what the ledger knew of then. "
    "Dimensions of the measure are parameters that narrow it, as service=SVC-000001. What nothing was counted of "
    "has no value: `value` is null, and never 0, unless the measure is a number of records.",
    parameters={
        "from": "First moment of the period, as 2026-01-01; the whole past when left out",
        "to": "Moment after the last, as 2026-04-01; now when left out",
        "by": "A dimension of the measure, or month, week, day",
        "as_of": "A past moment, as 2026-03-31T18:00:00+08:00",
    },
)  # fmt: skip
LIST_SNAPSHOTS = Endpoint(
    "list_snapshots", "get", "measures/{measure}/snapshots", kept, "What a measure said day by day, as it said it",
    tells=list[SnapshotTold],
    parameters={
        "from": "First day, as 2026-01-01", "to": "Last day",
        "by": "A dimension that snapshots are kept by", "key": "A value of it, as SVC-000001, or none",
    },
)  # fmt: skip
