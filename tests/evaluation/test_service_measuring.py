"""8.2.1 b: live services are measured against what was agreed for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.agreements.test_evidence import a_service, an_agreement
from tests.resolution.stage import asked, at, verdict

from gnomon.evaluation import evidence
from gnomon.evaluation.models import MeasureSnapshot

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.2.1")]

MEASURED = evidence.live_services_are_measured


def a_day(
    day: date, agreement: Any = None, *, value: float | None = None, measure: str = evidence.SLA_ATTAINMENT
) -> None:
    """The snapshot of a day: of all agreements, or of one."""
    by, key = ("sla", agreement.number) if agreement else ("", "")
    MeasureSnapshot.objects.create(
        measure=measure, day=day, by=by, key=key, value=value, count=1 if value is not None else 0, version=1,
        definition="d", taken_at=at(f"{day:%m-%d} 23:00"),
    )  # fmt: skip


def test_without_a_live_service_there_is_no_measurement() -> None:
    assert verdict(MEASURED, "02-01 00:00") == "nonconforming"


def test_a_service_is_measured_by_what_was_kept_of_its_agreement() -> None:
    mail = a_service()
    agreement = an_agreement(mail)
    assert asked(MEASURED, "02-01 00:00").failed == [mail.number]
    a_day(date(2026, 2, 10))
    a_day(date(2026, 2, 10), agreement, value=95.0)
    assert verdict(MEASURED, "02-10 12:00") == "nonconforming"  # it was taken at the end of that day
    assert verdict(MEASURED, "02-11 00:00") == "conforming"
    # ninety days after the tenth of February is the eleventh of May
    assert verdict(MEASURED, "05-11 00:00") == "conforming"
    assert asked(MEASURED, "05-20 00:00").failed == [mail.number]
    assert verdict(MEASURED, "05-20 00:00") == "nonconforming"


def test_a_quiet_service_under_agreement_is_neither_measured_nor_failed() -> None:
    an_agreement(a_service())
    a_day(date(2026, 2, 10))
    found = asked(MEASURED, "02-11 00:00")
    assert (found.seen, found.failed, found.whole) == (1, [], False)
    assert verdict(MEASURED, "02-11 00:00") == "undetermined"


def test_a_service_that_nothing_was_agreed_for_is_not_measured() -> None:
    bare = a_service()
    an_agreement(bare, agreed=None)
    a_day(date(2026, 2, 10))
    assert asked(MEASURED, "02-11 00:00").failed == [bare.number]


def test_the_usual_targets_and_other_measures_do_not_count() -> None:
    mail = a_service()
    usual = an_agreement(mail, is_default=True)
    a_day(date(2026, 2, 10), usual, value=95.0)
    a_day(date(2026, 2, 10), an_agreement(mail, agreed=None), value=95.0, measure="incident_mttr")
    assert asked(MEASURED, "02-11 00:00").failed == [mail.number]
