from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gnomon.jobs import claims, worker
from gnomon.jobs.actions import revive
from gnomon.jobs.models import QueuedJob, State
from gnomon.jobs.refusals import GiveUp, NotDead
from gnomon.jobs.worker import Worker
from gnomon.standard.plugs import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen():
    return []


@pytest.fixture
def noting(seen):
    """Notes its text in `seen`."""

    def note(text):
        seen.append(text)

    return Job("note", note)


@pytest.fixture
def note(noting, declare):
    declare(noting)
    return noting


@pytest.fixture
def broken(declare):
    """Fails every time; tried four times, first after ten seconds."""

    def fail():
        raise ConnectionError("the mail server is away")

    job = Job("broken", fail, attempts=4, backoff=timedelta(seconds=10))
    declare(job)
    return job


def test_jobs_run_when_they_are_due_the_longest_due_first(clock, bob_worker, note, asked, seen):
    asked(note, text="later", run_after=clock() + timedelta(seconds=1))
    asked(note, text="second")
    asked(note, text="first", run_after=clock() - timedelta(seconds=1))
    asked(note, text="third")

    assert bob_worker.drain() == 3
    assert seen == ["first", "second", "third"]

    clock.forward(seconds=1)
    assert bob_worker.drain() == 1
    assert seen[-1] == "later"


def test_a_job_that_ran_is_done(clock, bob_worker, note, asked):
    job = asked(note, text="hello")
    bob_worker.drain()

    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker, job.lease_until) == (State.DONE, 1, "bob", None)
    assert job.finished_at == clock()


def test_a_job_that_fails_waits_twice_as_long_each_time_and_then_is_dead(clock, bob_worker, broken, asked):
    job = asked(broken)
    waits = []
    while job.state == State.WAITING:
        clock.moment = job.run_after
        assert bob_worker.drain() == 1
        job.refresh_from_db()
        if job.state == State.WAITING:
            waits.append((job.run_after - clock()).total_seconds())

    # 10 s, 10 · 2, 10 · 4; the fourth attempt is the last
    assert waits == [10, 20, 40]
    assert (job.state, job.attempts, job.finished_at) == (State.DEAD, 4, clock())
    assert "ConnectionError: the mail server is away" in job.last_error


def test_one_failing_job_does_not_hold_up_the_others(bob_worker, broken, noting, declare, asked, seen):
    declare(broken, noting)
    asked(broken)
    asked(noting, text="still here")

    assert bob_worker.drain() == 2
    assert seen == ["still here"]


def test_a_dead_job_is_revived_by_a_person_with_all_its_attempts(clock, bob_worker, broken, declare, asked, seen, olga):
    job = asked(broken)
    for _ in range(4):
        bob_worker.drain()
        clock.forward(hours=1)
    job.refresh_from_db()
    assert job.state == State.DEAD

    declare(Job("broken", lambda: seen.append("mended")))
    revived = revive(job, by=olga)
    assert (revived.state, revived.attempts, revived.revived_by) == (State.WAITING, 0, "PER-000006")

    clock.moment = revived.run_after
    bob_worker.drain()
    job.refresh_from_db()
    assert seen == ["mended"]
    assert (job.state, job.last_error) == (State.DONE, "")


def test_only_a_dead_job_is_revived(note, asked, olga):
    with pytest.raises(NotDead, match="cannot be revived: it is waiting"):
        revive(asked(note, text="alive"), by=olga)


def test_a_dead_job_is_not_revived_beside_the_same_work(clock, bob_worker, broken, asked, olga):
    dead = asked(broken, key="INC-000042")
    for _ in range(4):
        bob_worker.drain()
        clock.forward(hours=1)
    asked(broken, key="INC-000042")

    with pytest.raises(NotDead, match="the same work already waits"):
        revive(dead, by=olga)


def test_a_job_that_gives_up_is_dead_at_once(bob_worker, declare, asked):
    def refuse():
        raise GiveUp("The address was closed for good.")

    hook = Job("hook", refuse)
    declare(hook)
    job = asked(hook)
    bob_worker.drain()

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (State.DEAD, 1, "The address was closed for good.")


def test_a_job_that_nobody_declares_waits_then_is_dead_and_nothing_is_lost(
    clock, bob_worker, note, declare, asked, seen, olga
):
    job = asked(note, text="kept")
    declare()
    bob_worker.drain()
    job.refresh_from_db()
    assert job.state == State.WAITING
    assert job.last_error.startswith("There is no job named note.")

    for _ in range(7):
        clock.forward(hours=1)
        bob_worker.drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DEAD, 8)

    declare(note)
    clock.moment = revive(job, by=olga).run_after
    bob_worker.drain()
    assert seen == ["kept"]


def test_a_killed_workers_job_runs_again_when_its_lease_is_over(clock, bob_worker, note, asked, seen):
    job = asked(note, text="again")
    claims.claim("killed", clock(), timedelta(seconds=60))

    bob_worker.keep_house()
    assert bob_worker.drain() == 0

    clock.forward(seconds=61)
    bob_worker.keep_house()
    assert bob_worker.drain() == 1
    job.refresh_from_db()
    assert (seen, job.state, job.attempts) == (["again"], State.DONE, 2)


def test_a_job_that_kills_its_workers_ends_among_the_dead(clock, declare, asked):
    deadly = Job("deadly", lambda: None, attempts=3)
    declare(deadly)
    job = asked(deadly)
    for number in range(3):
        claims.claim(f"victim {number}", clock(), timedelta(seconds=60))
        clock.forward(seconds=61)
        assert claims.return_expired(clock()) == 1

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DEAD, 3)
    assert job.last_error.startswith("Worker victim 2 stopped without a word during attempt 3;")


def test_a_worker_that_outlived_its_lease_cannot_finish_what_another_has(clock, note, asked):
    job = asked(note, text="twice")
    slow = claims.claim("slow", clock(), timedelta(seconds=60))
    clock.forward(seconds=61)
    claims.return_expired(clock())
    quick = claims.claim("quick", clock(), timedelta(seconds=60))

    assert not claims.extend(slow, clock() + timedelta(hours=1))
    assert claims.mark_done([slow], clock()) == set()
    assert not claims.mark_failed(slow, clock(), "too late", None)
    assert claims.mark_done([slow, quick], clock()) == {quick.pk}
    job.refresh_from_db()
    assert (job.state, job.worker) == (State.DONE, "quick")


def test_a_lease_that_is_extended_is_not_run_out(clock, note, asked):
    asked(note, text="long")
    job = claims.claim("bob", clock(), timedelta(seconds=60))
    clock.forward(seconds=50)
    assert claims.extend(job, clock() + timedelta(seconds=60))

    clock.forward(seconds=50)
    assert claims.return_expired(clock()) == 0


def test_a_worker_told_to_stop_finishes_its_job_and_takes_no_other(bob_worker, declare, asked, seen):
    def stop_then_finish():
        bob_worker.stop()
        seen.append("finished")

    last = Job("last", stop_then_finish)
    declare(last)
    running, waiting = asked(last), asked(last)
    bob_worker.drain()

    running.refresh_from_db()
    waiting.refresh_from_db()
    assert seen == ["finished"]
    assert (running.state, waiting.state) == (State.DONE, State.WAITING)


def test_a_worker_between_jobs_looks_after_its_house(clock, note, asked):
    for number in range(3):
        asked(note, text=number)
    tired = Worker(now=lambda: clock.forward(seconds=1), name="tired")

    # each look at the clock takes a second: after the first job the stretch is over
    assert tired.drain(until=clock() + timedelta(seconds=2)) == 1


# --- brief jobs are taken together ---------------------------------------------------------------


@pytest.fixture
def glance(declare, seen):
    """Brief; fails on what is below nought."""

    def look(number):
        if number < 0:
            raise ValueError("there is nothing to see")
        seen.append(number)

    job = Job("glance", look, brief=True)
    declare(job)
    return job


MINUTE = timedelta(seconds=60)


def test_brief_jobs_are_taken_some_at_a_time_in_their_order(clock, glance, asked):
    for number in range(12):
        asked(glance, number=number)
    taken = claims.claim_some("bob", clock(), MINUTE, most=10)
    assert [job.facts["number"] for job in taken] == list(range(10))
    assert {job.attempts for job in taken} == {1}
    assert len(claims.claim_some("eve", clock(), MINUTE, most=10)) == 2


def test_a_long_job_is_taken_alone_and_ends_what_is_taken_together(clock, glance, note, asked):
    asked(glance, number=1)
    asked(note, text="long")
    asked(glance, number=2)
    taken = [claims.claim_some("bob", clock(), MINUTE, most=10) for _turn in range(4)]
    assert [[job.name for job in some] for some in taken] == [["glance"], ["note"], ["glance"], []]


def test_a_brief_job_that_was_tried_before_is_taken_alone(clock, glance, asked):
    """It may be the one that killed its worker: others lose one attempt by it, and not all."""
    for number in range(3):
        asked(glance, number=number)
    claims.claim_some("killed", clock(), MINUTE, most=2)
    clock.forward(seconds=61)
    assert claims.return_expired(clock()) == 2
    assert [len(claims.claim_some("next", clock(), MINUTE, most=10)) for _turn in range(4)] == [1, 1, 1, 0]


def test_only_brief_jobs_go_on_before_the_disk_has_what_they_wrote(
    bob_worker, glance, note, asked, declare, monkeypatch
):  # fmt: skip
    """A long one may tell others outside, who must not know more than we do after a power cut."""
    declare(glance, note)
    wanted: list[bool] = []
    monkeypatch.setattr(worker, "written_in_passing", lambda brief: wanted.append(brief) or nullcontext())
    asked(glance, number=1)
    asked(note, text="long")
    bob_worker.drain()
    assert wanted == [True, False]


def test_what_was_taken_together_is_marked_together(bob_worker, glance, asked):
    """Ten marks one by one were a quarter of what the worker asked of PostgreSQL."""
    for number in range(10):
        asked(glance, number=number)
    with CaptureQueriesContext(connection) as captured:
        assert bob_worker.drain() == 10
    assert sum("finished_at = " in query["sql"] for query in captured.captured_queries) == 1
    assert QueuedJob.objects.filter(state=State.DONE).count() == 10


def test_one_that_fails_among_those_taken_together_fails_alone(bob_worker, glance, asked, seen):
    jobs = [asked(glance, number=number) for number in (1, -1, 2)]
    assert bob_worker.drain() == 3
    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == [State.DONE, State.WAITING, State.DONE]
    assert seen == [1, 2]
