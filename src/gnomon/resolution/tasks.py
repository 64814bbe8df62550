"""What follows from moving a task of an incident."""

from __future__ import annotations

from typing import Any

from gnomon.records.kinds import Change
from gnomon.records.models import Record


def what_follows(_record: Record, change: Change) -> dict[str, Any]:
    """When it was done."""
    if change.move is None:
        return {}
    return {"done_at": change.at if change.move.name == "finish" else None}
