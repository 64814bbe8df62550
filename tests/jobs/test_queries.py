from __future__ import annotations

from datetime import timedelta

import pytest

from gnomon.jobs.clockwork import FORGET_DONE_JOBS
from gnomon.jobs.models import QueuedJob, State
from gnomon.jobs.queries import counts, dead_letters, next_due, queue_age
from gnomon.standard.plugs import Job

pytestmark = pytest.mark.django_db

ANY = Job("any", print)


def test_an_empty_queue_has_no_age_and_nothing_due(clock):
    assert queue_age(clock()) == timedelta()
    assert next_due() is None
    assert counts() == {"waiting": 0, "running": 0, "dead": 0}


def test_the_age_of_the_queue_is_how_long_the_longest_due_has_waited(clock, asked):
    asked(ANY, run_after=clock() - timedelta(minutes=7))
    asked(ANY, run_after=clock() - timedelta(minutes=2))
    assert queue_age(clock()) == timedelta(minutes=7)
    assert next_due() == clock() - timedelta(minutes=7)


def test_a_job_for_tomorrow_makes_no_queue_old(clock, asked):
    asked(ANY, run_after=clock() + timedelta(days=1))
    assert queue_age(clock()) == timedelta()


def test_counts_leave_out_history_and_dead_letters_come_latest_first(clock, asked):
    for state, minutes in [(State.DEAD, 5), (State.DEAD, 1), (State.DONE, 3), (State.WAITING, 0)]:
        job = asked(ANY)
        QueuedJob.objects.filter(pk=job.pk).update(state=state, finished_at=clock() - timedelta(minutes=minutes))

    assert counts() == {"waiting": 1, "running": 0, "dead": 2}
    assert [clock() - job.finished_at for job in dead_letters()] == [timedelta(minutes=1), timedelta(minutes=5)]


def test_done_jobs_are_forgotten_after_as_long_as_the_settings_say(settings, asked, clock):
    settings.JOBS_KEPT = timedelta(days=36500)
    job = asked(ANY)
    QueuedJob.objects.filter(pk=job.pk).update(state=State.DONE, finished_at=clock() - timedelta(days=365))
    FORGET_DONE_JOBS.run()
    assert QueuedJob.objects.count() == 1

    settings.JOBS_KEPT = timedelta(days=1)
    FORGET_DONE_JOBS.run()
    assert QueuedJob.objects.count() == 0
