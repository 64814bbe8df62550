"""Have a worker read what would keep a page waiting (9.1)."""

from __future__ import annotations

from gnomon.evaluation.clockwork import READ_LEDGER
from gnomon.evaluation.mining.patience import StillReading
from gnomon.jobs.actions import enqueue
from gnomon.jobs.models import QueuedJob, State


def ask_for_reading(still: StillReading) -> None:
    """Once, however many look."""
    key = f"{still.kind}:{'judge' if still.judging else 'read'}"
    asked = QueuedJob.objects.filter(name=READ_LEDGER.name, key=key, state__in=(State.WAITING, State.RUNNING))
    if not asked.exists():
        enqueue(READ_LEDGER, key=key, kind=still.kind, judging=still.judging)
