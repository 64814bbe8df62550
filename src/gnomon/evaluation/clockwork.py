"""What performance evaluation does on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.actions import amend_tallies, record_due_results, take_due_snapshots
from gnomon.evaluation.actions import keep_queue as _keep_queue
from gnomon.evaluation.actions.foreign_logs import forget_old_logs, read_log
from gnomon.evaluation.actions.snapshot_seals import seal_snapshots
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.standard.plugs import Job


def record_results() -> None:
    """Record the measurement results that are due; running twice records nothing twice."""
    record_due_results(by=SYSTEM)


RECORD_RESULTS = Job(
    "evaluation:record_results", record_results, every=timedelta(hours=6), title=_("Record measurement results")
)


def take_snapshots() -> None:
    """Keep and seal what measures said of the days that are over; running twice keeps nothing twice."""
    take_due_snapshots()
    seal_snapshots()


TAKE_SNAPSHOTS = Job(
    "evaluation:take_snapshots", take_snapshots, every=timedelta(hours=1), title=_("Keep what measures said each day")
)


def count_days() -> None:
    """Count for dashboards what changed since it was counted; running twice counts nothing twice."""
    amend_tallies()


COUNT_DAYS = Job(
    "evaluation:count_days", count_days, every=timedelta(minutes=1), title=_("Count what changed for dashboards")
)


def keep_queue() -> None:
    """Keep the queue for processes that begin; running twice keeps it once."""
    _keep_queue()


KEEP_QUEUE = Job(
    "evaluation:keep_queue", keep_queue, every=timedelta(minutes=1), title=_("Keep the queue for processes that begin")
)


def read_ledger(kind: str, judging: bool) -> None:
    """Read the events of a kind into the file beside the database, and judge its records; twice reads nothing twice."""
    from gnomon.evaluation.mining import conformance, store

    store.known(kind)
    if judging:
        conformance.judged_among(kind_named(kind), None)


READ_LEDGER = Job("evaluation:read_ledger", read_ledger, title=_("Read the ledger for process mining"))


READ_LOG = Job("evaluation:read_log", read_log, title=_("Read a log from elsewhere"))
FORGET_LOGS = Job(
    "evaluation:forget_logs", forget_old_logs, every=timedelta(days=1), title=_("Forget old logs from elsewhere")
)
