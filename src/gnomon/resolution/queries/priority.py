"""The priority matrix in use (8.6.1 b)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gnomon.jobs.moments import EPOCH
from gnomon.jobs.questions import Question
from gnomon.records.facts import fold
from gnomon.records.models import LedgerEntry
from gnomon.records.rules import Rules
from gnomon.resolution.models.priority import USUAL, PriorityMatrix

Table = Mapping[str, Mapping[str, int]]
EVER = EPOCH


_IN_USE: Rules[tuple[Table]] = Rules(Question(
    lambda status: PriorityMatrix.objects.filter(status=status).order_by("-pk").values_list("table")[:1]
))  # fmt: skip


def table_in_use() -> Table:
    """The matrix that decides now; the usual one until an organisation puts its own in use."""
    found = _IN_USE.first(status="in_use")
    return found[0] if found and found[0] else USUAL


def priority_of(impact: int, urgency: int) -> int:
    """What comes first, from how much it hurts and how soon it must be cured."""
    return int(table_in_use()[str(impact)][str(urgency)])


def tables_over_time() -> list[tuple[datetime, Table]]:
    """Each matrix that was ever in use with the moment it came into force, oldest first.

    What decided before the first one is not known here, so the first one speaks for earlier times too.
    """
    since: list[tuple[datetime, Table]] = []
    known: dict[str, dict[str, Any]] = {}
    entries = LedgerEntry.objects.filter(kind="priority_matrix").order_by("happened_at", "sequence")
    for entry in entries:
        facts = known.setdefault(entry.number, {})
        if "table" in fold(entry.changes, facts) and facts.get("status") == "in_use":
            since.append((entry.happened_at, facts["table"]))
    return [(EVER, since[0][1]), *since[1:]] if since else [(EVER, USUAL)]
