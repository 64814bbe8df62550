"""Jobs that repeat: each tick stores one job, however many workers look and however late they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from gnomon.jobs.actions import enqueue
from gnomon.jobs.declared import declared_jobs
from gnomon.jobs.models import QueuedJob, Schedule, State
from gnomon.standard.plugs import Job

TICK = "tick"


def following(due: datetime, every: timedelta, now: datetime) -> datetime:
    """The first tick after `now` in step with `due`; ticks missed in between are not made up for."""
    return due + every * ((now - due) // every + 1)


def repeating() -> dict[str, Job]:
    """The declared jobs that repeat, by name."""
    return {name: job for name, job in declared_jobs().items() if job.every}


def set_up(now: datetime) -> None:
    """Give each repeating job its row: a new one is due at once, one made more frequent is brought forward."""
    jobs = repeating()
    Schedule.objects.bulk_create((Schedule(name=name, next_run=now) for name in jobs), ignore_conflicts=True)
    for name, job in jobs.items():
        assert job.every is not None
        Schedule.objects.filter(name=name, next_run__gt=now + job.every).update(next_run=now + job.every)


def tick(now: datetime) -> datetime | None:
    """Store a job for each schedule that is due, and say when the next one is."""
    jobs = repeating()
    rows = Schedule.objects.filter(name__in=jobs)
    if rows.filter(next_run__lte=now).exists():
        with transaction.atomic():
            # Skipped rows are being stored by another worker; SQLite lets one in at a time.
            skip = connection.features.has_select_for_update_skip_locked
            for row in rows.filter(next_run__lte=now).select_for_update(skip_locked=skip):
                _store_run(jobs[row.name], row, now)
    return rows.order_by("next_run").values_list("next_run", flat=True).first()


def _store_run(job: Job, row: Schedule, now: datetime) -> None:
    assert job.every is not None
    unfinished = QueuedJob.objects.filter(name=job.name, key=TICK, state__in=(State.WAITING, State.RUNNING))
    if not unfinished.exists():
        enqueue(job, key=TICK, run_after=now, cause=str(row.next_run), **job.facts)
    row.next_run = following(row.next_run, job.every, now)
    row.save(update_fields=["next_run"])
