"""9.1 a to e: what is measured, how, when, and what came of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gnomon.certification import verdicts, windows
from gnomon.certification.catalogue import catalogue
from gnomon.evaluation import evidence
from gnomon.evaluation.kinds import measurement_result, monitoring_requirement
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import EvidenceCheck, Finding, Question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

WHAT, HOW = evidence.what_is_measured_is_decided, evidence.methods_are_decided
WHEN, DONE = evidence.measuring_is_scheduled, evidence.measuring_keeps_its_schedule
ANALYSIS, ANALYSED = evidence.analysing_is_scheduled, evidence.results_are_analysed
KEPT = evidence.results_are_kept
DAY_ONE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def day(number: float) -> datetime:
    """So many days after the first of January, noon."""
    return DAY_ONE + timedelta(days=number)


def a_requirement(told: float = 0, **facts: Any) -> Any:
    usual = {
        "title": "Time to resolve", "subject": "process", "method": "By the records.", "measure_frequency_days": 30,
        "analysis_frequency_days": 30,
    }  # fmt: skip
    return actions.record(monitoring_requirement, by=SYSTEM, at=day(told), **{**usual, **facts})


def a_result(of: Any, told: float, value: str | None = "4.2") -> Any:
    last = date(2026, 1, 1) + timedelta(days=int(told * 10))  # periods differ, whatever they are
    return actions.record(
        measurement_result, by=SYSTEM, at=day(told), title="A result", requirement=of, period_start=last,
        period_end=last, value=None if value is None else Decimal(value), counted=1,
    )  # fmt: skip


def asked(check: EvidenceCheck, when: datetime) -> Finding:
    rule = catalogue().rules[check.name]
    return check.run(Question(windows.window_of(rule.window, when), when, rule.limits))


def verdict(check: EvidenceCheck, when: datetime) -> str:
    return str(verdicts.check_verdict(verdicts.sound(asked(check, when)), catalogue().rules[check.name]).status)


def test_system_services_and_processes_must_all_be_measured() -> None:
    a_requirement(subject="sms")
    a_requirement(subject="service")
    assert asked(WHAT, day(1)).groups == {"sms": 1, "service": 1, "process": 0}
    assert verdict(WHAT, day(1)) == "nonconforming"
    last = a_requirement(2, subject="process")
    assert verdict(WHAT, day(3)) == "conforming"
    assert verdict(WHAT, day(1)) == "nonconforming"
    actions.move(last, "retire", by=SYSTEM, at=day(4), because="No longer needed.")
    assert verdict(WHAT, day(5)) == "nonconforming"


@pytest.mark.parametrize(
    ("check", "wrong"),
    [(HOW, {"method": " "}), (WHEN, {"measure_frequency_days": 0}), (ANALYSIS, {"analysis_frequency_days": 0})],
)
def test_each_says_how_and_how_often(check: EvidenceCheck, wrong: dict[str, Any]) -> None:
    a_requirement()
    assert verdict(check, day(1)) == "conforming"
    bad = a_requirement(**wrong)
    assert asked(check, day(1)).failed == [bad.number]
    assert verdict(check, day(1)) == "nonconforming"


def test_results_come_as_often_as_decided() -> None:
    measured, forgotten = a_requirement(), a_requirement()
    a_result(measured, 30)
    # both are due by day 33: 30 days and a tenth
    assert asked(DONE, day(32.9)).population == [measured.number]
    found = asked(DONE, day(34))
    assert (found.seen, found.failed) == (2, [forgotten.number])
    # the result of day 30 serves until day 63
    assert asked(DONE, day(63)).failed == [forgotten.number]
    assert asked(DONE, day(63.1)).failed == [measured.number, forgotten.number]


def test_results_are_analysed_in_time() -> None:
    requirement = a_requirement()
    analysed, waiting, late = (a_result(requirement, told) for told in (30, 31, 32))
    actions.move(analysed, "analyse", by=SYSTEM, at=day(40), evaluation="Better than last month.")
    actions.move(late, "analyse", by=SYSTEM, at=day(70), evaluation="Worse.")
    assert verdict(ANALYSED, day(59)) == "nonconforming"  # nothing is due yet, so nothing was seen
    assert verdict(ANALYSED, day(60)) == "conforming"
    found = asked(ANALYSED, day(65))
    assert found.population == [analysed.number, waiting.number, late.number]
    assert found.failed == [waiting.number, late.number]
    assert asked(ANALYSED, day(71)).failed == [waiting.number]
    assert asked(ANALYSED, day(365 + 30.5)).population == [waiting.number, late.number]


def test_each_requirement_has_a_result_with_a_value() -> None:
    kept, empty = a_requirement(), a_requirement()
    a_result(kept, 30)
    a_result(empty, 30, value=None)
    found = asked(KEPT, day(31))
    assert (found.seen, found.failed) == (2, [empty.number])
    assert asked(KEPT, day(29)).failed == [kept.number, empty.number]
    assert asked(KEPT, day(365 + 31)).failed == [kept.number, empty.number]


@pytest.mark.parametrize("check", [WHAT, HOW, WHEN, DONE, ANALYSIS, ANALYSED, KEPT])
def test_where_nothing_was_seen_nothing_is_proven(check: EvidenceCheck) -> None:
    assert verdict(check, day(1)) == "nonconforming"
