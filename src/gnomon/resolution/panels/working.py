"""Time spent, on the page of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may
from gnomon.records.views.spending import told_time
from gnomon.standard.plugs import Actor


def time_panel(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """Time spent, for those who may tell of theirs, and for others once there is some."""
    told = told_time(record, person)
    speaks = may(person, "comment", record.kind)
    return {**told, "speaks": speaks} if speaks or told["times"] else None


TIME = Panel(kind="incident", name="time", template="resolution/_time_panel.html", context=time_panel, order=300)
