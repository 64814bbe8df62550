"""A run that somebody asked for is made by the worker, once, and tells how far it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.certification.conftest import Evidence, incidents

from gnomon.certification.actions import ask_for_run, carry_out
from gnomon.certification.models import Checking, ConformityRun, NumberChunk
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.records.refusals import NotAllowed
from gnomon.standard.plugs import Finding, Question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]


def test_two_clicks_ask_for_one_run(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 3)))
    first, second = ask_for_run("8.6.1", by=mona), ask_for_run("8.6.1", by=mona)
    assert first.pk == second.pk
    assert first.total == 1
    assert QueuedJob.objects.filter(name="certification:carry_out").count() == 1
    assert ask_for_run("8.7", by=mona).pk != first.pk


def test_the_worker_makes_one_run_however_often_it_is_told(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-e", Finding(incidents(1, 3)))
    asked = ask_for_run("8.6.1", by=mona)
    carry_out(asked.pk)
    carry_out(asked.pk)
    run = ConformityRun.objects.get()
    asked.refresh_from_db()
    assert (asked.run, asked.done, asked.total) == (run.number, 1, 1)
    assert ask_for_run("8.6.1", by=mona).pk != asked.pk


def test_it_tells_what_is_being_asked(evidence: Evidence, mona: Person) -> None:
    seen: list[str] = []

    def look(_question: Question) -> Finding:
        seen.append(Checking.objects.get().doing)
        return Finding(incidents(1, 3))

    evidence.says("8.6.1-e", look)
    carry_out(ask_for_run("8.6.1", by=mona).pk)
    assert seen == ["8.6.1-e/1"]


def test_a_run_that_breaks_says_so_and_leaves_no_run(
    evidence: Evidence, mona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(NumberChunk, "keep", broken)
    evidence.says("8.6.1-e", Finding(incidents(1, 3)))
    asked = ask_for_run("8.6.1", by=mona)
    with pytest.raises(OSError, match="disk full"):
        carry_out(asked.pk)
    asked.refresh_from_db()
    assert (asked.error, asked.run, asked.finished_at) == ("OSError: disk full", "", None)
    assert not ConformityRun.objects.exists()
    monkeypatch.undo()


def test_an_earlier_day_and_a_clause_that_is_none(evidence: Evidence, mona: Person, eve: Person) -> None:
    asked = ask_for_run("8.6.1", datetime(2026, 3, 31, tzinfo=UTC), by=mona)
    carry_out(asked.pk)
    assert ConformityRun.objects.get().as_of == datetime(2026, 3, 31, tzinfo=UTC)
    with pytest.raises(LookupError, match="no clause 11"):
        ask_for_run("11", by=mona)
    with pytest.raises(NotAllowed):
        ask_for_run("8.6.1", by=eve)
