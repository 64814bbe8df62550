"""What measures said of a day cannot become something else unseen: checks of conformity rest on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.resolution.makers import an_incident

from gnomon.evaluation.actions import take_snapshots
from gnomon.evaluation.actions.snapshot_seals import LAG, altered_seals, seal_snapshots
from gnomon.evaluation.models import MeasureSnapshot, SnapshotSeal
from gnomon.records.ledger.verification import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.5.3.2")]
TODAY = date(2026, 1, 8)
NOW = datetime(2026, 1, 8, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def an_opened_incident() -> None:
    an_incident("Printer jams 打印机卡纸", at=NOW - timedelta(days=2))


def taken(day: date, at: datetime = NOW) -> None:
    assert take_snapshots(day, names=["incidents_opened", "incident_mttr"], now=at)


def sealed(at: datetime = NOW) -> SnapshotSeal:
    seal = seal_snapshots(until=at)
    assert seal is not None
    return seal


def by_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_snapshot_is_sealed_once_by_the_seal_after_it() -> None:
    taken(date(2026, 1, 5))
    first = sealed()
    taken(date(2026, 1, 6))
    second = sealed()
    assert first.taken + second.taken == MeasureSnapshot.objects.count()
    assert second.snapshots_after == first.snapshots_to
    assert seal_snapshots(until=NOW) is None, "there is nothing new"
    assert list(altered_seals()) == []


def test_what_may_not_be_there_for_everybody_yet_waits_for_the_next_seal() -> None:
    taken(date(2026, 1, 5), datetime.now(UTC))
    assert seal_snapshots() is None
    assert seal_snapshots(until=datetime.now(UTC) + LAG) is not None


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE evaluation_measuresnapshot SET value = 99.5 WHERE measure = 'incident_mttr'",
        "UPDATE evaluation_measuresnapshot SET value = 0 WHERE value IS NULL",
        "DELETE FROM evaluation_measuresnapshot WHERE measure = 'incident_mttr'",
    ],
)
def test_a_day_that_says_something_else_is_named(deed: str) -> None:
    taken(date(2026, 1, 5))
    seal = sealed()
    taken(date(2026, 1, 6))
    untouched = sealed()
    by_sql(f"{deed} AND day = '2026-01-05'")
    assert [each.number for each in altered_seals()] == [seal.number]
    (fault,) = verify_ledger().faults
    assert (fault.what, fault.number) == ("snapshots_differ", seal.number)
    assert untouched.number not in fault.says
