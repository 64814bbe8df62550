"""What failed for good is seen, and can be tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from gnomon.jobs.actions import enqueue
from gnomon.jobs.models import QueuedJob, State
from gnomon.project.command import application


def a_dead_job() -> QueuedJob:
    job = enqueue("records:seal")
    QueuedJob.objects.filter(pk=job.pk).update(
        state=State.DEAD, attempts=8, last_error="Traceback …\nValueError: disk is full", finished_at=datetime.now(UTC)
    )
    return QueuedJob.objects.get(pk=job.pk)


@pytest.mark.django_db
def test_dead_letters_are_listed_with_their_last_error_and_revived() -> None:
    job = a_dead_job()
    listed = CliRunner().invoke(application(), ["jobs", "list"])
    assert "ValueError: disk is full" in listed.output
    assert json.loads(CliRunner().invoke(application(), ["jobs", "list", "--json"]).output)["dead"] == 1
    assert CliRunner().invoke(application(), ["jobs", "revive", str(job.pk)]).exit_code == 0
    again = QueuedJob.objects.get(pk=job.pk)
    assert (again.state, again.attempts, again.revived_by) == (State.WAITING, 0, "system")


@pytest.mark.django_db
def test_only_what_is_dead_is_revived() -> None:
    waiting = enqueue("records:seal")
    refused = CliRunner().invoke(application(), ["jobs", "revive", str(waiting.pk)])
    assert refused.exit_code == 2
    assert "cannot be revived" in refused.output + refused.stderr
    assert CliRunner().invoke(application(), ["jobs", "revive", "999999"]).exit_code == 2
