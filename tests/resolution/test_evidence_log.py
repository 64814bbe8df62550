"""8.6.1 over a sample of the public ServiceNow log: what the checks find is what the rows themselves say."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tests.evaluation import uci
from tests.resolution.stage import verdict as _verdict

from gnomon.certification.catalogue import catalogue
from gnomon.integrations.actions import import_file
from gnomon.records.actors import SYSTEM
from gnomon.resolution import evidence
from gnomon.resolution.models import Incident
from gnomon.standard.periods import Period
from gnomon.standard.plugs import EvidenceCheck, Finding, Question

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("8.6.1"),
    pytest.mark.skipif(not uci.LOG.exists(), reason="The public log is not on this machine."),
]

AS_OF = datetime(2016, 5, 31, 16, tzinfo=UTC)
WINDOW = Period.last(90, AS_OF)
EVERY = 60  # one incident in sixty
Case = list[dict[str, str]]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    with uci.LOG.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        rows = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        each = [list(case) for _number, case in groupby(rows, key=lambda row: row["number"])]
    return each[::EVERY]


@pytest.fixture
def imported(cases: list[Case], tmp_path: Path) -> list[Case]:
    path = tmp_path / "sample.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(cases[0][0]))
        writer.writeheader()
        writer.writerows(row for case in cases for row in case)
    import_file(path, preset="servicenow", time_zone=uci.ZONE.key, by=SYSTEM)
    assert Incident.objects.count() == len(cases)
    return cases


def at(text: str) -> datetime | None:
    return None if text == "?" else datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=uci.ZONE)


def asked(check: EvidenceCheck) -> Finding:
    return check.run(Question(WINDOW, AS_OF, catalogue().rules[check.name].limits))


def elsewhere(numbers: Iterable[str]) -> list[str]:
    """The numbers that these incidents have in the log."""
    return sorted(Incident.objects.filter(number__in=list(numbers)).values_list("external_number", flat=True))


def within(moment: datetime | None) -> bool:
    return moment is not None and moment in WINDOW


def numbers(cases: Iterable[Case]) -> list[str]:
    return sorted(case[0]["number"] for case in cases)


def worked_on(case: Case) -> bool:
    """A row beside the first and those that resolve or close, not later than the resolution."""
    resolved_at = at(case[-1]["resolved_at"])
    state = case[0]["incident_state"]
    for before, row in pairwise(case):
        state = before["incident_state"] if before["incident_state"] != "-100" else state
        moved = row["incident_state"] not in (state, "-100")
        updated_at = at(row["sys_updated_at"])
        assert updated_at is not None
        assert resolved_at is not None
        if updated_at <= resolved_at and not (moved and row["incident_state"] in ("Resolved", "Closed")):
            return True
    return False


def test_recording_and_priority(imported: list[Case]) -> None:
    known: list[Any] = [
        case for case in imported if within(at(case[0]["opened_at"])) and at(case[0]["sys_updated_at"]) <= AS_OF  # type: ignore[operator]
    ]  # fmt: skip
    late = [
        case for case in known if at(case[0]["sys_updated_at"]) - at(case[0]["opened_at"]) > timedelta(hours=1)  # type: ignore[operator]
    ]  # fmt: skip
    found = asked(evidence.incidents_are_recorded_at_once)
    assert elsewhere(found.population) == numbers(known)
    assert elsewhere(found.late) == numbers(late)
    assert late, "the sample must hold something late"
    priorities = asked(evidence.incidents_are_prioritized)
    # in this log priority follows from impact and urgency without exception
    assert (elsewhere(priorities.population), priorities.late, priorities.failed) == (numbers(known), [], [])


def test_work_between_recording_and_resolution(imported: list[Case]) -> None:
    resolved = [case for case in imported if within(at(case[-1]["resolved_at"]))]
    silent = [case for case in resolved if not worked_on(case)]
    found = asked(evidence.work_is_recorded)
    assert elsewhere(found.population) == numbers(resolved)
    assert elsewhere(found.failed) == numbers(silent)
    assert silent, "the sample must hold something silent"


def test_what_the_log_does_not_tell_fails(imported: list[Case]) -> None:
    """The log names no service, no resolution and no escalation."""
    closed = [case for case in imported if within(at(case[-1]["closed_at"]))]
    for check in (evidence.incidents_are_classified, evidence.closing_is_complete):
        found = asked(check)
        assert elsewhere(found.population) == elsewhere(found.failed) == numbers(closed)
    assert asked(evidence.criteria_for_major_incidents_are_approved).seen == 0
    assert _verdict(evidence.criteria_for_major_incidents_are_approved, "06-01 00:00") == "nonconforming"
