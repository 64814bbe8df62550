"""Runs, judgements and own limits have the pages that all records have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.certification.conftest import Evidence

from gnomon.certification.actions import begin_operation, judge, plan_activity, run_checks, set_limits
from gnomon.certification.models import Judgement, Operation
from gnomon.organization.models import Person
from gnomon.records.models import Record
from gnomon.standard.plugs import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(evidence: Evidence, mona: Person) -> list[Record]:
    return [
        run_checks(clause="4.1", by=mona),
        judge("8.6.1-l", "observation", by=mona, reason="One action has no date."),
        set_limits("8.6.1-b", 1, by=mona, values=[45], share=95, because="Agreed."),
        plan_activity("sla_review", 60, by=mona),
        begin_operation(datetime.now(UTC) - timedelta(days=30), by=mona),
    ]


def test_each_is_listed_and_has_a_page(made: list[Record], mona_browser: Client, eve_browser: Client) -> None:
    for record in made:
        listed = mona_browser.get(f"/certification/{record.kind.path}/")
        assert record.number in listed.content.decode()
        page = mona_browser.get(record.get_absolute_url())
        assert (page.status_code, record.number in page.content.decode()) == (200, True)
        assert eve_browser.get(record.get_absolute_url()).status_code == 404


def test_operation_is_begun_on_its_own_page(mona_browser: Client) -> None:
    form = mona_browser.get("/certification/operation/new")
    assert form.status_code == 200
    answer = mona_browser.post("/certification/operation/new", {"since": "2026-01-05T09:00"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert Operation.objects.get().since == datetime(2026, 1, 5, 1, tzinfo=UTC)


def test_a_judgement_may_come_from_the_form_of_all_records_and_counts_as_well(
    evidence: Evidence, mona: Person, mona_browser: Client
) -> None:
    evidence.says("8.6.1-l", Finding(["INC-000007"]))
    asked = {"requirement": "8.6.1-l", "verdict": "conforming", "reason": "Read."}
    assert mona_browser.post("/certification/judgements/new", asked).status_code == 302
    judgement = Judgement.objects.get()
    assert judgement.judge == mona.number
    assert run_checks(by=mona).requirements.get(requirement="8.6.1-l").judgement == judgement.number
