"""What agreements add to the pages of service hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.standard.plugs import Actor


def open_clocks(record: Record, _person: Actor) -> Mapping[str, Any]:
    """The way to what open clocks would show with these hours, or with others."""
    return {"url": reverse("hours_consequences", args=[record.number])}


HOURS = Panel("work_calendar", "open-clocks", "agreements/_hours_panel.html", open_clocks, order=20)
