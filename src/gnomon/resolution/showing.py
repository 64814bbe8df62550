"""What lists and pages of incidents show beyond their fields: priorities in colour, clocks as time left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.agreements import stories as clocks
from gnomon.records.models import Record
from gnomon.resolution.models import Incident, MajorIncident
from gnomon.ui.values import Age, Priority, TimeLeft


def cells(records: Sequence[Record]) -> Mapping[str, Mapping[str, Any]]:
    """Priority and time left of many incidents, with one query for all their clocks."""
    left = clocks.times_left(records)
    titles: dict[int, str] = {}  # Django looks a title up by all choices, each time anew
    shown: dict[str, dict[str, Any]] = {}
    for record in records:
        assert isinstance(record, Incident)
        leading = _leading(left.get(record.number, {}))
        age = Age(record.opened_at, record.resolved_at or record.closed_at)
        special: dict[str, Any] = {"due_at": leading, "clock": leading, "age": age}
        if record.priority is not None:
            if record.priority not in titles:
                titles[record.priority] = record.get_priority_display()
            special["priority"] = Priority(record.priority, titles[record.priority])
        shown[record.number] = special
    return shown


def stories(record: Record) -> Sequence[Any]:
    """The clocks of one incident with every stretch explained."""
    return clocks.stories(record)


def update_left(major: MajorIncident, now: datetime | None = None) -> TimeLeft | None:
    """The time to the next update, as a clock: it counts down, and says by how much it is over."""
    due = major.next_update_due_at
    if due is None:
        return None
    left = due - (now or timezone.now())
    whole = timedelta(minutes=major.update_every)
    share = min(max(1 - left / whole, 0.0), 1.0)
    return TimeLeft("running", left=left, share=share, due_at=due, title=_("Next update"), ticks=True)


def major_cells(records: Sequence[Record]) -> Mapping[str, Mapping[str, Any]]:
    """Major incidents in lists: when the next update is due, as time left."""
    shown: dict[str, dict[str, Any]] = {}
    for record in records:
        assert isinstance(record, MajorIncident)
        left = update_left(record) if record.status == "declared" else None
        shown[record.number] = {"next_update_due_at": left} if left is not None else {}
    return shown


def _leading(left: Mapping[str, TimeLeft]) -> TimeLeft | None:
    """The clock that presses most: the running one that ends first, else that of the resolution."""
    running = [clock for clock in left.values() if clock.state == "running" and clock.due_at is not None]
    if running:
        return min(running, key=lambda clock: str(clock.due_at))
    return left.get("resolve")
