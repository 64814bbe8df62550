"""All that writes for performance evaluation: requirements to begin with, results as they fall due, snapshots, the queue (9.1)."""

from gnomon.evaluation.actions.measuring import record_due_results
from gnomon.evaluation.actions.queue import keep_queue
from gnomon.evaluation.actions.seeding import seed_monitoring
from gnomon.evaluation.actions.snapshots import backfill_snapshots, take_due_snapshots, take_snapshots
from gnomon.evaluation.actions.tallies import amend_tallies

__all__ = [
    "amend_tallies",
    "backfill_snapshots",
    "keep_queue",
    "record_due_results",
    "seed_monitoring",
    "take_due_snapshots",
    "take_snapshots",
]
