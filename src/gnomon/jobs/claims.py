"""How workers take jobs and give them back: each job has one holder, for as long as its lease.

A job and the mark that it is done are separate commits. A worker killed between them leaves a job
that runs again, so bodies must bear being run twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import QuerySet

from gnomon.jobs.asking import among, rows_of
from gnomon.jobs.declared import attempts_of, is_brief
from gnomon.jobs.models import QueuedJob, State
from gnomon.jobs.moments import milliseconds

KEPT_OF_AN_ERROR = 8000


def claim(worker: str, now: datetime, lease: timedelta) -> QueuedJob | None:
    """Take the job that has been due longest, or None; no two workers get the same one."""
    with transaction.atomic():
        claimed = claim_some(worker, now, lease, most=1)
    return claimed[0] if claimed else None


def claim_some(worker: str, now: datetime, lease: timedelta, *, most: int) -> list[QueuedJob]:
    """The same, and those due behind it while they are brief; in the caller's transaction.

    What was tried before is taken alone: a job that kills its worker costs others one attempt, and no more.
    """
    table = connection.ops.quote_name(QueuedJob._meta.db_table)
    # SQLite has one writer at a time, and it is the caller.
    skip = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    # Only the table's own name is put into the text.
    due = rows_of(
        f"SELECT id, name, attempts FROM {table} WHERE state = 'waiting' AND run_after <= %s "
        f"ORDER BY run_after, id LIMIT {most} {skip}",
        [milliseconds(now)],
        often=True,
    )
    together = list(takewhile(lambda row: is_brief(row[1]) and row[2] == 0, due))
    keys = [key for key, _name, _attempts in together or due[:1]]
    if not keys:
        return []
    these, values = among(keys)
    claimed = rows_of(
        f"UPDATE {table} SET state = 'running', worker = %s, started_at = %s, lease_until = %s, "
        f"attempts = attempts + 1 WHERE id{these} RETURNING id, name, facts, attempts, worker, state",
        [worker, milliseconds(now), milliseconds(now + lease), *values],
        often=True,
    )
    jobs = {
        key: QueuedJob(pk=key, name=name, facts=json.loads(facts), attempts=attempts, worker=holder, state=state)
        for key, name, facts, attempts, holder, state in claimed
    }
    return [jobs[key] for key in keys]


def extend(job: QueuedJob, until: datetime) -> bool:
    """Hold the job longer; False when somebody else has it by now."""
    return bool(_held(job).update(lease_until=until))


def mark_done(jobs: Sequence[QueuedJob], now: datetime) -> set[int]:
    """Finish jobs that ran, and say the keys of those for which it is so; somebody else has the others by now."""
    if not jobs:
        return set()
    held = " OR ".join(["(id = %s AND attempts = %s AND worker = %s)"] * len(jobs))
    done = rows_of(
        f"UPDATE {connection.ops.quote_name(QueuedJob._meta.db_table)} "
        "SET state = 'done', lease_until = NULL, finished_at = %s, last_error = '' "
        f"WHERE state = 'running' AND ({held}) RETURNING id",
        [milliseconds(now), *(value for job in jobs for value in (job.pk, job.attempts, job.worker))],
        often=True,
    )
    return {key for (key,) in done}


def mark_failed(job: QueuedJob, now: datetime, because: str, retry_at: datetime | None) -> bool:
    """Put a job back for `retry_at`, or among the dead letters when that is None."""
    return _put_back(_held(job), now, because, retry_at)


def return_expired(now: datetime) -> int:
    """Put jobs back whose worker let the lease run out (killed, or cut off), and say how many."""
    returned = 0
    for job in QueuedJob.objects.filter(state=State.RUNNING, lease_until__lt=now):
        because = (
            f"Worker {job.worker} stopped without a word during attempt {job.attempts}; "
            "it was killed, ran out of memory, or lost the database."
        )
        retry_at = now if job.attempts < attempts_of(job.name) else None
        # `lease_until` again: the holder may have extended it since we looked.
        returned += _put_back(_held(job).filter(lease_until=job.lease_until), now, because, retry_at)
    return returned


def _put_back(held: QuerySet[QueuedJob], now: datetime, because: str, retry_at: datetime | None) -> bool:
    error = because[-KEPT_OF_AN_ERROR:]
    if retry_at is None:
        return bool(held.update(state=State.DEAD, lease_until=None, finished_at=now, last_error=error))
    return bool(held.update(state=State.WAITING, lease_until=None, run_after=retry_at, last_error=error))


def _held(job: QueuedJob) -> QuerySet[QueuedJob]:
    return QueuedJob.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)
