"""Workers as they are in life: several at once, killed in the middle of a job, told to stop."""

from __future__ import annotations

import json
import os
import signal

import pytest

from gnomon.jobs.models import QueuedJob, State

# On a server the rig works in the suite's own database; embedded, each test has a file beside it.
ON_SERVER = bool(os.environ.get("GNOMON_DATABASE_URL"))
pytestmark = [pytest.mark.django_db(transaction=True)] if ON_SERVER else []


def test_no_two_workers_ever_claim_the_same_job(rig):
    stored = {rig.store("errands:write").pk for _ in range(60)}

    got = json.loads(rig.run("claim", "4"))

    claimed = [pk for mine in got.values() for pk in mine]
    assert sorted(claimed) == sorted(stored)
    assert set(rig.jobs.values_list("state", "attempts")) == {(State.RUNNING, 1)}


def test_the_job_of_a_worker_killed_outright_runs_again_after_its_lease(rig):
    path, go = rig.folder / "lines", rig.folder / "go"
    job = rig.store("errands:linger", path=str(path), until=str(go))
    killed = rig.start("work", "0.6")
    rig.wait_for(path.exists)
    # It lives on well past its first lease: the heartbeat holds the job.
    first_lease = rig.jobs.get(pk=job.pk).lease_until
    rig.wait_for(lambda: rig.jobs.get(pk=job.pk).lease_until > first_lease)
    killed.kill()
    killed.wait()
    assert rig.jobs.get(pk=job.pk).state == State.RUNNING

    go.touch()
    rig.start("work", "0.6")
    rig.wait_for(lambda: rig.jobs.get(pk=job.pk).state == State.DONE)

    assert path.read_text().split() == ["began", "began", "ended"]
    assert rig.jobs.get(pk=job.pk).attempts == 2


def test_a_worker_told_to_stop_ends_when_its_job_is_done(rig):
    path, go = rig.folder / "lines", rig.folder / "go"
    running = rig.store("errands:linger", path=str(path), until=str(go))
    worker = rig.start("work", "60")
    rig.wait_for(path.exists)
    waiting = rig.store("errands:write", path=str(path), line="never")

    worker.send_signal(signal.SIGTERM)
    go.touch()
    assert worker.wait(20) == 0

    states = dict(rig.jobs.filter(name__startswith="errands:").values_list("pk", "state"))
    assert states == {running.pk: State.DONE, waiting.pk: State.WAITING}
    assert path.read_text().split() == ["began", "ended"]


def test_a_worker_runs_what_is_stored_while_it_idles_and_its_own_schedules(rig):
    rig.start("work", "60")
    rig.wait_for(lambda: rig.jobs.filter(name="jobs:forget_done", state=State.DONE).exists())
    path = rig.folder / "lines"
    job: QueuedJob = rig.store("errands:write", path=str(path), line="stored while it slept")
    rig.wait_for(lambda: rig.jobs.get(pk=job.pk).state == State.DONE)
    assert path.read_text() == "stored while it slept\n"


@pytest.mark.skipif(not ON_SERVER, reason="SQLite has one writer: no worker can claim before the other commits")
def test_a_waiting_job_is_not_run_while_a_transaction_that_counts_on_it_is_open(rig):
    path, held, go = rig.folder / "lines", rig.folder / "held", rig.folder / "go"
    facts = {"path": str(path), "line": "counted-on"}
    job = rig.store("errands:write", key="INC-000042", **facts)
    rig.start("hold", "errands:write", "INC-000042", json.dumps(facts), str(held), str(go))
    rig.wait_for(held.exists)

    other = rig.store("errands:write", path=str(path), line="other")
    rig.start("work", "60")
    rig.wait_for(lambda: rig.jobs.get(pk=other.pk).state == State.DONE)
    assert rig.jobs.get(pk=job.pk).state == State.WAITING

    go.touch()
    rig.wait_for(lambda: rig.jobs.get(pk=job.pk).state == State.DONE)
    assert path.read_text().split() == ["other", "counted-on"]
