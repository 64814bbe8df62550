"""Record the results that are due, period after period (9.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

from django.utils import timezone

from gnomon.evaluation.kinds import measurement_result
from gnomon.evaluation.models import MeasurementResult, MonitoringRequirement
from gnomon.evaluation.periods import midnight
from gnomon.evaluation.queries.measures import evaluate, measures
from gnomon.records import actions
from gnomon.records.models import LedgerEntry
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Actor

DAY = timedelta(days=1)
PLACES = Decimal("0.0001")


def record_due_results(*, by: Actor, now: datetime | None = None) -> list[MeasurementResult]:
    """A result for each whole period that has passed since the last one, of every measure that is computed.

    The first period is the one before the requirement was recorded, if anything was there to count.
    """
    now = now or datetime.now(UTC)
    made: list[MeasurementResult] = []
    for requirement in MonitoringRequirement.objects.filter(status="active").exclude(measure=""):
        if requirement.measure in measures() and requirement.measure_frequency_days:
            made += _record_due(requirement, by, now)
    return made


def _record_due(requirement: MonitoringRequirement, by: Actor, now: datetime) -> list[MeasurementResult]:
    length = timedelta(days=requirement.measure_frequency_days)
    last = requirement.results.order_by("-period_end").values_list("period_end", flat=True).first()
    began = _began(requirement)
    start: date = last + DAY if last is not None else began - length
    made: list[MeasurementResult] = []
    while start + length <= timezone.localdate(now):
        result = _record(requirement, start, start + length, by, now, unless_empty=start < began)
        if result is not None:
            made.append(result)
        start += length
    return made


def _began(requirement: MonitoringRequirement) -> date:
    first = LedgerEntry.objects.filter(number=requirement.number, version=1).values_list("happened_at", flat=True).get()
    return timezone.localdate(first)


def _record(
    requirement: MonitoringRequirement, start: date, end: date, by: Actor, now: datetime, *, unless_empty: bool
) -> MeasurementResult | None:
    found = evaluate(requirement.measure, Period(midnight(start), midnight(end)), now=now)
    figure = found.figure
    if unless_empty and not figure.count:
        return None
    last_day = end - DAY
    result = actions.record(
        measurement_result, by=by, at=now, title=f"{requirement.title}: {start} – {last_day}"[:300],
        requirement=requirement, period_start=start, period_end=last_day, unit=found.measure.unit,
        value=None if figure.value is None else Decimal(str(figure.value)).quantize(PLACES), counted=figure.count,
    )  # fmt: skip
    return cast(MeasurementResult, result)
