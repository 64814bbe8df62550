"""9.1: what is measured from the first day on, and the results that fall due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.resolution.stage import an_incident, close, forced, resolve

from gnomon.evaluation.actions import record_due_results, seed_monitoring
from gnomon.evaluation.clockwork import record_results
from gnomon.evaluation.kinds import monitoring_requirement
from gnomon.evaluation.models import MeasurementResult, MonitoringRequirement
from gnomon.evaluation.queries.measures import measures
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)  # in Shanghai


def a_requirement(told: datetime, **facts: Any) -> Any:
    usual = {
        "title": "Reassignments", "measure": "reassignment_count", "method": "By the records.",
        "measure_frequency_days": 10,
    }  # fmt: skip
    return actions.record(monitoring_requirement, by=SYSTEM, at=told, **{**usual, **facts})


def test_what_is_seeded_covers_the_system_services_and_processes_and_is_seeded_once() -> None:
    made = seed_monitoring(by=SYSTEM)
    assert {each.subject for each in made} == {"sms", "service", "process"}
    assert {each.measure for each in made} - {""} <= measures().keys()
    assert seed_monitoring(by=SYSTEM) == []
    assert MonitoringRequirement.objects.count() == len(made)


def test_a_result_is_recorded_for_each_period_that_has_passed_and_once() -> None:
    a_requirement(noon(6, 1))
    closed = close(resolve(an_incident("06-03 09:00"), "06-03 10:00"), "06-03 11:00")
    forced(closed, reassignment_count=2)
    assert record_due_results(by=SYSTEM, now=noon(6, 10)) == []
    made = record_due_results(by=SYSTEM, now=noon(6, 22))
    # 1 to 10 June and 11 to 20 June; 21 to 30 June is not over
    assert [(each.period_start, each.period_end) for each in made] == [
        (date(2026, 6, 1), date(2026, 6, 10)), (date(2026, 6, 11), date(2026, 6, 20)),
    ]  # fmt: skip
    assert [(each.value, each.counted, each.unit) for each in made] == [(Decimal(2), 1, "count"), (None, 0, "count")]
    assert record_due_results(by=SYSTEM, now=noon(6, 30)) == []
    entry = LedgerEntry.objects.get(number=made[0].number)
    assert (entry.verb, entry.happened_at) == ("measurement_result:recorded", noon(6, 22))


def test_the_period_before_the_requirement_counts_when_it_holds_anything() -> None:
    close(resolve(an_incident("05-25 09:00"), "05-25 10:00"), "05-25 11:00")
    a_requirement(noon(6, 1))
    (before,) = record_due_results(by=SYSTEM, now=noon(6, 1))
    assert (before.period_start, before.period_end, before.value) == (date(2026, 5, 22), date(2026, 5, 31), Decimal(0))


def test_retired_unknown_and_hand_made_ones_are_left_alone() -> None:
    close(resolve(an_incident("05-25 09:00"), "05-25 10:00"), "05-25 11:00")
    gone = a_requirement(noon(6, 1))
    actions.move(gone, "retire", by=SYSTEM, at=noon(6, 2), because="Nobody looks at it.")
    a_requirement(noon(6, 1), measure="")
    a_requirement(noon(6, 1), measure="weather")
    a_requirement(noon(6, 1), measure_frequency_days=0)
    assert record_due_results(by=SYSTEM, now=noon(7, 1)) == []


def test_the_job_may_run_twice() -> None:
    close(resolve(an_incident("05-25 09:00"), "05-25 10:00"), "05-25 11:00")
    a_requirement(noon(6, 1), measure_frequency_days=30)
    record_results()
    first = MeasurementResult.objects.count()
    record_results()
    assert MeasurementResult.objects.count() == first
    newest = MeasurementResult.objects.order_by("-period_end").values_list("period_end", flat=True)[0]
    assert newest + timedelta(days=31) > datetime.now(UTC).date()
