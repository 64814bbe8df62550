"""How a verdict came to be what it is, run by run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gnomon.certification.models import RequirementResult
from gnomon.certification.verdicts import Status


@dataclass(frozen=True, slots=True)
class Past:
    """One run's verdict on a requirement."""

    run: str
    as_of: datetime
    status: Status
    seen: int
    late: int
    failed: int


def trend_of(requirement: str, most: int = 60) -> Sequence[Past]:
    """The verdicts of the newest runs, oldest first."""
    results = RequirementResult.objects.filter(requirement=requirement).select_related("run")
    newest = results.order_by("-run__as_of", "-run_id")[:most]
    return [
        Past(each.run.number, each.run.as_of, Status(each.status), each.seen, each.late_count, each.failed_count)
        for each in reversed(newest)
    ]
