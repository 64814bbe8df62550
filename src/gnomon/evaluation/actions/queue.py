"""Keep the queue for processes that begin, so that none of them reads it whole (8.6.1)."""

from __future__ import annotations

from dataclasses import asdict

from gnomon.evaluation.models import KeptQueue
from gnomon.evaluation.queries.positions import place_of
from gnomon.evaluation.queries.queue import KIND, followed, is_current, kept_queue, numbers_since, read_queue
from gnomon.jobs.moments import milliseconds, moment
from gnomon.records.ledger import settled

# So many changed incidents every process that begins asks about; of more the queue is kept anew.
WORTH = 1_000


def keep_queue() -> bool:
    """Keep the queue as it is now when much was told since, and once an hour read it whole; whether it was kept."""
    settled.look(settled.PATIENCE)
    kept = KeptQueue.objects.filter(kind=KIND).defer("queue").first()
    known = None
    if kept is not None and kept.sequence and is_current(tuple(kept.states), milliseconds(kept.read_at)):
        numbers = numbers_since(place_of(kept))
        if numbers is not None and len(numbers) < WORTH:
            return False
        known = kept_queue()
    known = (known and followed(known)) or read_queue()
    KeptQueue.objects.update_or_create(
        kind=KIND,
        defaults={
            **asdict(known.place), "states": known.states, "queue": known.queue.packed(), "read_at": moment(known.read_at)
        },
    )  # fmt: skip
    return True
