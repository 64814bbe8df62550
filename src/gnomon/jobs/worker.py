"""The worker: takes jobs one by one, brief ones some at a time, runs them, and puts back those whose worker died."""

from __future__ import annotations

import logging
import os
import random
import secrets
import signal
import socket
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from gnomon.jobs import claims, schedules
from gnomon.jobs.backoff import wait_after
from gnomon.jobs.declared import attempts_of, is_brief, job_named
from gnomon.jobs.heartbeat import Heartbeat
from gnomon.jobs.in_passing import written_in_passing
from gnomon.jobs.models import QueuedJob
from gnomon.jobs.queries import next_due
from gnomon.jobs.refusals import GiveUp, UnknownJob
from gnomon.jobs.resting import give_back_memory

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
QUICKEST_LOOK = timedelta(milliseconds=200)
SLOWEST_LOOK = timedelta(seconds=2)
AT_A_STRETCH = timedelta(seconds=1)
BRIEF_AT_ONCE = 10
USUAL_BACKOFF = timedelta(seconds=10)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of a job ended: done when there is no error; tried again when there is a moment for it."""

    job: QueuedJob
    error: str = ""
    retry_at: datetime | None = None


@dataclass
class Worker:
    """Runs jobs until it is told to stop; `now` and `chance` can be given for tests."""

    lease: timedelta = LEASE
    now: Callable[[], datetime] = utc_now
    chance: random.Random = field(default_factory=random.Random)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-100:])

    def __post_init__(self) -> None:
        # A plain flag: an Event set by a signal handler can lock up the very thread that waits for it.
        self._stopping = False
        self._heartbeat = Heartbeat(self.lease, self.now)
        self._ended: list[Outcome] = []
        self._look_after_others_at = self._tick_at = datetime.min.replace(tzinfo=UTC)

    def stop(self) -> None:
        """Finish the job that runs and take no other."""
        self._stopping = True

    def work(self) -> None:
        """Run jobs as they fall due, until stopped; looks less often while nothing happens."""
        try:
            self._work()
        finally:
            self._heartbeat.end()

    def _work(self) -> None:
        schedules_known = False
        pause = QUICKEST_LOOK
        while not self._stopping:
            try:
                if not schedules_known:
                    schedules.set_up(self.now())
                    schedules_known = True
                self.keep_house()
                worked = self.drain(until=self.now() + AT_A_STRETCH)
                before, pause = pause, QUICKEST_LOOK if worked else min(pause * 1.5, SLOWEST_LOOK)
                if before < pause == SLOWEST_LOOK:  # at rest, and was not a moment ago
                    give_back_memory()
            except (OperationalError, InterfaceError):
                # The database is away or busy: nothing is lost, jobs are where they were.
                log.exception("The worker cannot reach the database; it tries again.")
                connection.close()
                worked, pause = 0, SLOWEST_LOOK
            if not worked:
                self._wait(pause)

    def _wait(self, length: timedelta) -> None:
        end = time.monotonic() + length.total_seconds()
        while not self._stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, QUICKEST_LOOK.total_seconds()))

    def keep_house(self) -> None:
        """Store jobs of schedules that are due, and put back jobs of workers that died."""
        now = self.now()
        if now >= self._tick_at:
            # A row that another worker moved on is read again, never missed: rows only move later.
            self._tick_at = schedules.tick(now) or now + SLOWEST_LOOK
        if now >= self._look_after_others_at:
            claims.return_expired(now)
            self._look_after_others_at = now + self.lease / 4

    def drain(self, until: datetime | None = None) -> int:
        """Run all jobs that are due, taking none after `until`, and say how many."""
        ran = 0
        due = next_due()
        if not self._ended and (due is None or due > self.now()):
            return ran
        while True:
            jobs = self._take(until)
            if not jobs:
                return ran
            with self._heartbeat.holding(jobs), written_in_passing(all(is_brief(job.name) for job in jobs)):
                for job in jobs:
                    self._ended.append(self.run(job))
            ran += len(jobs)

    def _take(self, until: datetime | None) -> list[QueuedJob]:
        """Mark what ended and claim what is next, in one commit: a sync to disk costs more than most jobs."""
        now = self.now()
        enough = self._stopping or (until is not None and now > until)
        with transaction.atomic():
            self._settle(self._ended, now)
            jobs = [] if enough else claims.claim_some(self.name, now, self.lease, most=BRIEF_AT_ONCE)
        self._ended = []
        return jobs

    def run(self, job: QueuedJob) -> Outcome:
        """Run a claimed job's body; whatever it raises is kept with the job."""
        base, attempts = USUAL_BACKOFF, attempts_of(job.name)
        try:
            declared = job_named(job.name)
            base = declared.backoff
            declared.run(**job.facts)
        except UnknownJob as refusal:
            # Perhaps a newer version stored it and this worker is about to be replaced: wait before giving up.
            return self._failed(job, str(refusal), base if job.attempts < attempts else None)
        except GiveUp as refusal:
            return self._failed(job, str(refusal) or "The job gave up without saying why.", None)
        except Exception:  # noqa: BLE001 — the promise of a worker: no body's failure ends it or is lost
            return self._failed(job, traceback.format_exc(), base if job.attempts < attempts else None)
        return Outcome(job)

    def _failed(self, job: QueuedJob, error: str, base: timedelta | None) -> Outcome:
        log.warning("Job %s failed in attempt %s%s: %s", job, job.attempts, "" if base else " and is dead", error)
        return Outcome(job, error, self.now() + wait_after(job.attempts, base, self.chance) if base else None)

    def _settle(self, ended: Sequence[Outcome], now: datetime) -> None:
        done = [one.job for one in ended if not one.error]
        kept = claims.mark_done(done, now)
        lost = [job for job in done if job.pk not in kept]
        for one in ended:
            if one.error and not claims.mark_failed(one.job, now, one.error, one.retry_at):
                lost.append(one.job)
        for job in lost:
            log.warning("Job %s outlived its lease; another worker has it and runs it again.", job)


def work_until_told() -> None:
    """Run a worker in this process until SIGTERM or SIGINT; the running job is finished first."""
    worker = Worker(lease=getattr(settings, "JOBS_LEASE", LEASE))
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: worker.stop())
    worker.work()
