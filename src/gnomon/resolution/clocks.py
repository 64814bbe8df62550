"""The clocks of an incident and the columns that show them; both follow from the ledger (8.3.3, 8.6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gnomon.agreements import clocks
from gnomon.jobs.rows import update
from gnomon.records.actions.projections import put_projections
from gnomon.records.models import LedgerEntry, Record
from gnomon.resolution.models import Incident

RUNS = ("running", "paused")


def keep_clocks(record: Record, entry: LedgerEntry) -> None:
    """Bring the clocks of one incident up to its newest entry."""
    assert isinstance(record, Incident)
    if not touches_clocks(entry):
        return
    shown = columns(clocks.rederive(record, entry))
    moved = tuple(name for name, value in shown.items() if getattr(record, name) != value)
    for name, value in shown.items():
        setattr(record, name, value)
    if moved:
        update(record, moved)


def rebuild_clocks(records: Sequence[Record]) -> None:
    """Derive the clocks of many incidents anew."""
    derived = clocks.rebuild(records)
    changed = []
    for record in records:
        assert isinstance(record, Incident)
        for name, value in columns(derived[record.number]).items():
            setattr(record, name, value)
        changed.append(record)
    put_projections(Incident, COLUMNS, changed)


COLUMNS = ("due_at", "respond_due_at", "resolve_due_at", "respond_met", "resolve_met")


def columns(clock_of: Mapping[str, Any]) -> dict[str, Any]:
    """The projection columns of an incident from its clocks by name; the nearest running due time leads."""
    respond, resolve = clock_of.get("respond"), clock_of.get("resolve")
    running: list[datetime] = [
        clock.due_at for clock in (respond, resolve) if clock is not None and clock.state == "running" and clock.due_at
    ]
    return {
        "due_at": min(running, default=None),
        "respond_due_at": respond.due_at if respond is not None else None,
        "resolve_due_at": resolve.due_at if resolve is not None else None,
        "respond_met": respond.met if respond is not None else None,
        "resolve_met": resolve.met if resolve is not None else None,
    }


def touches_clocks(entry: LedgerEntry) -> bool:
    """Whether an entry may have moved a clock."""
    speaks_of = {
        "status",
        "priority",
        "sla",
        "sla_version",
        "calendar_version",
        "team",
        "ola",
        "ola_version",
        "ola_calendar_version",
        "opened_at",
        "responded_at",
        "resolved_at",
    }
    return entry.version == 1 or not speaks_of.isdisjoint(entry.changes)
