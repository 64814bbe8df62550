"""What was merged is counted and judged as the incident that it became part of, and never twice (8.6.1, 9.1)."""

from __future__ import annotations

import pytest
from tests.resolution.stage import an_incident, asked, at, resolve

from gnomon.evaluation.queries.measures import evaluate
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.resolution import evidence

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


def test_evidence_judges_the_one_that_goes_on(bob: Person) -> None:
    source, target = an_incident("06-01 09:00"), an_incident("06-01 09:00")
    actions.move(source, "merge", by=bob, at=at("06-01 10:00"), because="Same", merged_into=target)
    target.refresh_from_db()
    resolve(target, "06-01 11:00")
    for check in (evidence.incidents_are_prioritized, evidence.work_is_recorded, evidence.closing_is_complete,
                  evidence.closing_is_controlled, evidence.incidents_are_classified,
                  evidence.open_incidents_are_not_forgotten, evidence.late_incidents_are_escalated):  # fmt: skip
        assert source.number not in asked(check, "06-02 00:00").population, check.says
    # a report is a report: whether it was recorded in time is judged of both
    assert set(asked(evidence.incidents_are_recorded_at_once, "06-02 00:00").population) == {
        source.number, target.number,
    }  # fmt: skip


def test_no_figure_counts_it(bob: Person) -> None:
    source, target = an_incident("06-01 09:00"), an_incident("06-01 09:00")
    actions.move(source, "merge", by=bob, at=at("06-01 10:00"), because="Same", merged_into=target)
    for name in ("incidents_opened", "incident_backlog", "incident_unclosed"):
        assert evaluate(name).figure.value == 1, name
    actions.move(source, "unmerge", by=bob, at=at("06-01 11:00"), because="Not the same")
    assert evaluate("incidents_opened").figure.value == 2
