"""What performance evaluation does on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.actions import record_due_results
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Job


def record_results() -> None:
    """Record the measurement results that are due; running twice records nothing twice."""
    record_due_results(by=SYSTEM)


RECORD_RESULTS = Job(
    "evaluation:record_results", record_results, every=timedelta(hours=6), title=_("Record measurement results")
)
