"""Time spent on an incident as a column of lists; the ledger tells of it entry by entry (8.6.1)."""

from __future__ import annotations

from collections.abc import Sequence

from gnomon.records.actions.projections import KEPT, Into
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.spending import SPENT, minutes_of
from gnomon.resolution.models import Incident


def keep_time(record: Record, entry: LedgerEntry) -> None:
    """Add what the newest entry tells of."""
    assert isinstance(record, Incident)
    if entry.verb != f"incident:{SPENT}":
        return
    record.minutes_spent += entry.changes["minutes"][1]
    Incident.objects.filter(pk=record.pk).update(minutes_spent=record.minutes_spent)


def rebuild_time(records: Sequence[Record], into: Into = KEPT) -> None:
    """Sum the time of many incidents anew."""
    sums, changed = minutes_of([record.number for record in records], "incident"), []
    for record in records:
        assert isinstance(record, Incident)
        if record.minutes_spent != sums[record.number]:
            record.minutes_spent = sums[record.number]
            changed.append(record)
    into.columns(("minutes_spent",), records, changed)
