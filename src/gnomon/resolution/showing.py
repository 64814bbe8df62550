"""What lists and pages of incidents show beyond their fields: priorities in colour, clocks as time left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gnomon.agreements import stories as clocks
from gnomon.records.models import Record
from gnomon.resolution.models import Incident
from gnomon.ui.values import Priority, TimeLeft


def cells(records: Sequence[Record]) -> Mapping[str, Mapping[str, Any]]:
    """Priority and time left of many incidents, with one query for all their clocks."""
    left = clocks.times_left(records)
    shown: dict[str, dict[str, Any]] = {}
    for record in records:
        assert isinstance(record, Incident)
        leading = _leading(left.get(record.number, {}))
        special: dict[str, Any] = {"due_at": leading, "clock": leading}
        if record.priority is not None:
            special["priority"] = Priority(record.priority, record.get_priority_display())
        shown[record.number] = special
    return shown


def stories(record: Record) -> Sequence[Any]:
    """The clocks of one incident with every stretch explained."""
    return clocks.stories(record)


def _leading(left: Mapping[str, TimeLeft]) -> TimeLeft | None:
    """The clock that presses most: the running one that ends first, else that of the resolution."""
    running = [clock for clock in left.values() if clock.state == "running" and clock.due_at is not None]
    if running:
        return min(running, key=lambda clock: str(clock.due_at))
    return left.get("resolve")
