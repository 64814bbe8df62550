"""A priority matrix must say something for each impact and urgency (8.6.1 b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.agreements.levels import Priority
from gnomon.records import actions
from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.resolution.levels import Level
from gnomon.resolution.models import PriorityMatrix


def what_follows(record: Record, change: Change) -> dict[str, Any]:
    """The matrix that is put in use sets the one before aside, for only one decides."""
    if change.move is not None and change.move.end == "in_use":
        # Before the row is written, for the database lets one be in use and not two.
        for other in PriorityMatrix.objects.filter(status="in_use").exclude(pk=record.pk):
            says = _("%(number)s is put in use instead.") % {"number": record.number}
            actions.move(other, "retire", by=change.by, because=says)
    return {}


def what_is_wrong(record: Record, _change: Change) -> Mapping[str, str]:
    """Every impact and urgency has a priority, and no graver case comes later."""
    assert isinstance(record, PriorityMatrix)
    table = record.table
    if not isinstance(table, dict):
        return {"table": _("Give the table as impact → urgency → priority.")}
    for impact in map(str, Level.values):
        for urgency in map(str, Level.values):
            row = table.get(impact)
            if not isinstance(row, dict) or not _is_priority(row.get(urgency)):
                says = _("Impact %(impact)s with urgency %(urgency)s needs a priority from 1 to 4.")
                return {"table": says % {"impact": impact, "urgency": urgency}}
    return {}


def _is_priority(value: object) -> bool:
    return type(value) is int and value in Priority.values  # true counts as 1 elsewhere
