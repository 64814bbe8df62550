"""The clocks of an incident and the columns that show them; both follow from the ledger (8.3.3, 8.6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gnomon.agreements import clocks
from gnomon.jobs.rows import update
from gnomon.records.actions.projections import KEPT, Into
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Record
from gnomon.resolution.models import Incident

RUNS = ("running", "paused")
FORESEEN = "_foreseen_clocks"
SPEAKS_OF = frozenset({
    "status", "priority", "sla", "sla_version", "calendar_version", "team", "ola", "ola_version",
    "ola_calendar_version", "opened_at", "responded_at", "resolved_at",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Where the clocks of an incident will stand after what is about to be written."""

    verb: str
    at: datetime
    clocks: clocks.Clocks


def foresee_clocks(record: Record, change: Change, written: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    """Read the clocks before the turn to write is taken, and show them on the incident; the columns that changed."""
    record.__dict__.pop(FORESEEN, None)
    if not change.creates and SPEAKS_OF.isdisjoint(written):
        return ()
    found = clocks.foresee(record, change, written)
    if found is None:
        return ()
    record.__dict__[FORESEEN] = Foreseen(change.verb, change.at, found)
    return _show(record, found)


def keep_clocks(record: Record, entry: LedgerEntry) -> None:
    """Bring the clocks of one incident up to its newest entry."""
    assert isinstance(record, Incident)
    foreseen: Foreseen | None = record.__dict__.pop(FORESEEN, None)
    if not touches_clocks(entry):
        return
    # A thought that was never written is not taken for another.
    if foreseen is not None and (f"incident:{foreseen.verb}", foreseen.at) == (entry.verb, entry.happened_at):
        clocks.keep_foreseen(record, entry, foreseen.clocks)
        return
    moved = _show(record, clocks.rederive(record, entry))
    if moved:
        update(record, moved)


def _show(record: Record, found: Mapping[str, Any]) -> tuple[str, ...]:
    """Put the clocks on the incident; the columns that changed."""
    shown = columns(found)
    moved = tuple(name for name, value in shown.items() if getattr(record, name) != value)
    for name in moved:
        setattr(record, name, shown[name])
    return moved


def rebuild_clocks(records: Sequence[Record], into: Into = KEPT) -> None:
    """Derive the clocks of many incidents anew."""
    derived = clocks.rebuild(records, into)
    into.columns(COLUMNS, records, [record for record in records if _show(record, derived[record.number])])


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
    return entry.version == 1 or not SPEAKS_OF.isdisjoint(entry.changes)
