"""Entries dated ahead, as by a machine whose clock went wrong, prove nothing before their time has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.certification.conftest import Evidence, incidents
from tests.resolution.makers import an_incident

from gnomon.certification.actions import run_checks
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries import newest_run
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actions import thinking, write
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
NOW = datetime.now(UTC).replace(microsecond=0)
AHEAD = timedelta(days=2)


@contextmanager
def clock_ahead(monkeypatch: pytest.MonkeyPatch, by: timedelta = AHEAD) -> Iterator[None]:
    """The machine believes that it is later than it is."""
    with monkeypatch.context() as wrong:
        for part in (thinking, write):
            wrong.setattr(part, "now_written", lambda: NOW + by)
        yield


def resolved(at: datetime | None = None) -> str:
    case = an_incident("No mail", impact=2, urgency=2)
    actions.move(case, "resolve", by=SYSTEM, at=at, resolution="Restarted", closure_code="solved")
    actions.move(case, "close", by=SYSTEM, at=at)
    return case.number


def test_nobody_tells_of_the_future(bob: Person) -> None:
    with pytest.raises(InvalidFacts, match="This has not happened yet"):
        actions.record(kind_named("incident"), by=bob, title="No mail", at=NOW + timedelta(hours=1))


def test_what_is_closed_tomorrow_is_not_closed_today(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock_ahead(monkeypatch):
        number = resolved()
    assert LedgerEntry.objects.filter(number=number, happened_at__gt=NOW, recorded_at__gt=NOW).count() == 3
    for full in (True, False):
        run = run_checks(clause="8.6.1", by=SYSTEM, full=full)
        closing = run.checks.get(requirement="8.6.1-d", rule=1)
        # Nothing was closed yet, so there is nothing to look at, and that is never conformity.
        assert (closing.seen, closing.status) == (0, "undetermined")
        assert run.checks.get(requirement="8.6.1-a1", rule=1).status != "conforming"
    later = run_checks(NOW + AHEAD + timedelta(minutes=1), "8.6.1", by=SYSTEM)
    assert list(later.checks.get(requirement="8.6.1-d", rule=1).population) == [number]


def test_a_run_that_amends_says_of_rows_dated_ahead_what_a_full_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    run_checks(clause="8.6.1", by=SYSTEM)
    with clock_ahead(monkeypatch, timedelta(hours=20)):
        resolved()
    resolved()
    for moment in (NOW + timedelta(minutes=1), NOW + timedelta(hours=21)):
        amended = run_checks(clause="8.6.1", by=SYSTEM, now=moment)
        full = run_checks(clause="8.6.1", by=SYSTEM, now=moment, full=True)
        assert verdicts(amended) == verdicts(full)
    assert amended.amends


def verdicts(run: ConformityRun) -> list[tuple[Any, ...]]:
    names = ("requirement", "rule", "status", "population_digest", "late_digest", "failed_digest")
    return list(run.checks.values_list(*names))


def test_a_run_dated_ahead_is_not_the_newest_before_its_time(evidence: Evidence) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 3)))
    ahead = run_checks(by=SYSTEM, now=NOW + AHEAD)
    today = run_checks(by=SYSTEM)
    assert newest_run() == today
    assert newest_run(NOW + AHEAD + timedelta(minutes=1)) == ahead
    # Nor does the next run go on from it.
    assert run_checks(by=SYSTEM).amends != ahead.number
