"""What agreements add to their own pages and to those of service hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from gnomon.agreements.fields import minutes_text
from gnomon.agreements.levels import PRIORITIES
from gnomon.agreements.models import OperationalLevelAgreement, ServiceLevelAgreement
from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.standard.plugs import Actor
from gnomon.ui.values import Priority


def open_clocks(record: Record, _person: Actor) -> Mapping[str, Any]:
    """The way to what open clocks would show with these hours, or with others."""
    return {"url": reverse("hours_consequences", args=[record.number])}


def targets(record: Record, _person: Actor) -> Mapping[str, Any]:
    """The targets as a table: a row for each priority, and what it has no target for."""
    assert isinstance(record, ServiceLevelAgreement | OperationalLevelAgreement)
    field: Any = type(record)._meta.get_field("targets")
    agreed = {row.get("priority"): row for row in record.targets}
    return {
        "heads": [title for _name, title in field.columns],
        "rows": [
            (Priority(level, title), [_length(agreed.get(level, {}).get(name)) for name, _title in field.columns])
            for level, title in PRIORITIES.items()
        ],
    }


def _length(minutes: float | None) -> str | None:
    return None if minutes is None else minutes_text(minutes)


TARGETS = Panel("service_level_agreement", "targets", "agreements/_targets.html", targets, place="main")
INTERNAL_TARGETS = Panel("operational_level_agreement", "targets", "agreements/_targets.html", targets, place="main")
HOURS = Panel("work_calendar", "open-clocks", "agreements/_hours_panel.html", open_clocks, order=20)
