from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.jobs import claims, schedules
from gnomon.jobs.clockwork import FORGET_DONE_JOBS
from gnomon.jobs.declared import declared_jobs
from gnomon.jobs.models import QueuedJob, Schedule, State
from gnomon.standard.plugs import Job

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@pytest.fixture
def hourly(declare, clock, db):
    job = Job("seal", lambda **_: None, every=timedelta(hours=1), facts={"size": 3})
    declare(job, Job("never", print))
    schedules.set_up(clock())
    return job


def waiting() -> int:
    return QueuedJob.objects.filter(state=State.WAITING).count()


def test_a_new_schedule_runs_at_once_and_then_in_step(hourly, clock):
    # first due at 09:00, so next at 10:00
    assert schedules.tick(clock()) == clock() + timedelta(hours=1)
    job = QueuedJob.objects.get()
    assert (job.name, job.facts, job.run_after) == ("seal", {"size": 3}, clock())


def test_two_workers_on_one_tick_store_one_job(hourly, clock):
    schedules.set_up(clock())
    schedules.tick(clock())
    schedules.tick(clock())
    assert waiting() == 1


def test_ticks_missed_while_nothing_ran_are_not_made_up_for(hourly, clock):
    schedules.tick(clock())
    QueuedJob.objects.all().delete()

    # down from 09:00 to 19:25: ten ticks missed, one job now, the next tick at 20:00
    now = clock.forward(hours=10, minutes=25)
    assert schedules.tick(now) == now + timedelta(minutes=35)
    assert waiting() == 1


@pytest.mark.parametrize("claimed", [True, False])
def test_a_run_that_is_not_over_is_not_joined_by_another(hourly, clock, claimed):
    schedules.tick(clock())
    if claimed:
        claims.claim("slow", clock(), timedelta(days=1))
    schedules.tick(clock.forward(hours=1))
    assert QueuedJob.objects.count() == 1


def test_a_dead_run_does_not_end_its_schedule(hourly, clock):
    schedules.tick(clock())
    QueuedJob.objects.update(state=State.DEAD, attempts=8)
    schedules.tick(clock.forward(hours=1))
    assert waiting() == 1


def test_a_job_made_more_frequent_is_brought_forward(hourly, clock, declare):
    Schedule.objects.update(next_run=clock() + timedelta(days=1))
    schedules.set_up(clock())
    assert Schedule.objects.get().next_run == clock() + timedelta(hours=1)


def test_the_schedule_of_a_job_that_nobody_declares_is_left_alone(hourly, clock, declare):
    declare()
    assert schedules.tick(clock()) is None
    assert waiting() == 0


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=40)), MOMENTS)
def test_the_following_tick_is_the_first_after_now_in_step_with_the_last(due, every, now):
    now = max(now, due)
    following = schedules.following(due, every, now)

    assert now < following <= now + every
    assert (following - due) % every == timedelta()


def test_the_jobs_app_prunes_itself_daily():
    assert declared_jobs()["jobs:forget_done"] is FORGET_DONE_JOBS
    assert FORGET_DONE_JOBS.every == timedelta(days=1)
