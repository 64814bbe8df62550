"""What follows from moving a task of an incident."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.records.conditions import Conditional
from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.standard.expressions import NotLater

IN_TIME = Conditional("in_time", NotLater("done_at", "due_at"), title=_("Done in time"))


def what_follows(_record: Record, change: Change) -> dict[str, Any]:
    """When it was done."""
    if change.move is None:
        return {}
    return {"done_at": change.at if change.move.name == "finish" else None}
