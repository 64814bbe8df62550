"""All that stores and changes jobs, except the worker's own claims (claims.py)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from gnomon.jobs.declared import job_named
from gnomon.jobs.models import QueuedJob, State
from gnomon.jobs.questions import Question
from gnomon.jobs.refusals import KeyTaken, NotDead
from gnomon.jobs.rows import insert, insert_unless_there
from gnomon.standard.plugs import Actor, Job

PRUNED_AT_ONCE = 5000
UNTRIED = Q(state=State.WAITING, attempts=0)

_UNTRIED = Question(
    lambda name, key: QueuedJob.objects.select_for_update().filter(UNTRIED, name=name, key=key).order_by("pk")[:1]
)
_ONCE = Question(
    lambda name, key: QueuedJob.objects.select_for_update().filter(name=name, key=key, once=True).order_by("pk")[:1]
)


def enqueue(
    job: Job | str,
    /,
    *,
    key: str | None = None,
    once: bool = False,
    run_after: datetime | None = None,
    cause: str = "",
    **facts: Any,
) -> QueuedJob:
    """Store a job in the caller's transaction: it runs if that commits, and only then.

    A `key` names the work: while a job of that name and key waits untried, a second one is the same one.
    A job that was begun does not count, since it may have read before the caller wrote.
    With `once` the key is never run again, even after it is done (until done jobs are pruned).
    """
    name = (job_named(job) if isinstance(job, str) else job).name
    _require_plain(name, facts)
    if once and not key:
        raise ValueError(f"Job {name} cannot run only once without a key that says what it is.")
    now = datetime.now(UTC)
    wanted = QueuedJob(
        name=name,
        facts=facts,
        key=key or None,
        once=once,
        cause=cause,
        created_at=now,
        run_after=now if run_after is None else run_after,
    )
    if not key:
        insert(wanted)
        return wanted
    return _store_keyed(wanted)


def _store_keyed(wanted: QueuedJob) -> QueuedJob:
    while not insert_unless_there(wanted):
        with transaction.atomic(savepoint=False):
            # The lock holds workers off until the caller commits; else one could run the job on what was before.
            taken = (_ONCE if wanted.once else _UNTRIED).first(name=wanted.name, key=wanted.key)
        if taken is None:
            continue  # a worker began it between our insert and our look
        if taken.facts != json.loads(json.dumps(wanted.facts)):
            raise KeyTaken(
                f"Job {wanted.name} is stored under the key {wanted.key} with other facts; "
                "work that differs needs a key of its own."
            )
        return taken
    return wanted


def _require_plain(name: str, facts: dict[str, Any]) -> None:
    try:
        json.dumps(facts, allow_nan=False)
    except (TypeError, ValueError) as why:
        raise TypeError(f"The facts of job {name} must be plain JSON (texts, numbers, lists): {why}.") from None


@transaction.atomic
def revive(job: QueuedJob, by: Actor) -> QueuedJob:
    """Give a dead job all its attempts again, from now."""
    found = QueuedJob.objects.select_for_update().get(pk=job.pk)
    if found.state != State.DEAD:
        raise NotDead(f"Job {found} cannot be revived: it is {found.state}.")
    if found.key and QueuedJob.objects.filter(UNTRIED, name=found.name, key=found.key).exists():
        raise NotDead(f"Job {found} need not be revived: the same work already waits.")
    found.state = State.WAITING
    found.attempts = 0
    found.run_after = datetime.now(UTC)
    found.finished_at = None
    found.revived_by = by.number
    found.save(update_fields=["state", "attempts", "run_after", "finished_at", "revived_by"])
    return found


def prune(older_than: timedelta, now: datetime) -> int:
    """Forget jobs done longer ago than that, and say how many; dead ones stay for a person to see."""
    forgotten = 0
    while True:
        # A bite at a time, so that nobody waits long for the embedded database's one writer.
        done = QueuedJob.objects.filter(state=State.DONE, finished_at__lt=now - older_than).order_by("pk")
        bite = list(done.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
        if not bite:
            return forgotten
        QueuedJob.objects.filter(pk__in=bite).delete()
        forgotten += len(bite)
