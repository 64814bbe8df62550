"""What people and probes ask about the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, QuerySet

from gnomon.jobs.models import QueuedJob, State


def dead_letters() -> QuerySet[QueuedJob]:
    """Jobs that failed for good, the latest first; they wait for a person."""
    return QueuedJob.objects.filter(state=State.DEAD).order_by("-finished_at", "-pk")


def queue_age(now: datetime | None = None) -> timedelta:
    """How long the job that has been due longest has waited; zero when nothing is due."""
    now = now or datetime.now(UTC)
    due: datetime | None = QueuedJob.objects.filter(state=State.WAITING).aggregate(due=Min("run_after"))["due"]
    return max(timedelta(), now - due) if due else timedelta()


def next_due() -> datetime | None:
    """When the next waiting job may run, past or future; None when none waits."""
    due = QueuedJob.objects.filter(state=State.WAITING).order_by("run_after", "pk").values_list("run_after", flat=True)
    return due.first()


def counts() -> dict[str, int]:
    """How many jobs wait, run and are dead; done ones are history and not counted."""
    unfinished = QueuedJob.objects.filter(state__in=(State.WAITING, State.RUNNING, State.DEAD))
    found = dict(unfinished.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in (State.WAITING, State.RUNNING, State.DEAD)}
