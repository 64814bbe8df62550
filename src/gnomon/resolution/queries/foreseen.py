"""What open incidents would get of a priority matrix, before anybody decides (8.6.1 b)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from gnomon.agreements.levels import PRIORITIES
from gnomon.resolution.levels import IMPACTS, URGENCIES
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Says
from gnomon.ui.values import Priority


@dataclass(frozen=True, slots=True)
class Difference:
    """Open incidents of one impact and urgency that have another priority than the matrix gives."""

    impact: Says
    urgency: Says
    before: Priority | None
    after: Priority
    count: int
    url: str


def grid_of(table: Mapping[str, Mapping[str, int]]) -> list[tuple[Says, list[Priority | None]]]:
    """The rows of the table: an impact, and the priority with each urgency."""
    return [
        (title, [_shown(table.get(impact, {}).get(urgency)) for urgency, _title in URGENCIES])
        for impact, title in IMPACTS
    ]


def foreseen(table: Mapping[str, Mapping[str, int]]) -> list[Difference]:
    """Where the matrix says otherwise than open incidents have it; counted by the database, however many they are."""
    rows = (
        Incident.objects.open()
        .filter(impact__isnull=False, urgency__isnull=False)
        .values_list("impact", "urgency", "priority")
        .annotate(count=Count("pk"))
        .order_by("impact", "urgency", "priority")
    )
    found = [
        (impact, urgency, had, table.get(str(impact), {}).get(str(urgency)), count)
        for impact, urgency, had, count in rows
    ]
    return [_difference(*row) for row in found if row[3] is not None and row[2] != row[3]]


def _difference(impact: int, urgency: int, had: int | None, gets: Any, count: int) -> Difference:
    where = {"impact": impact, "urgency": urgency, "priority": had or "none", "phase": "unresolved"}
    after = _shown(gets)
    assert after is not None
    return Difference(
        dict(IMPACTS)[str(impact)], dict(URGENCIES)[str(urgency)], _shown(had), after, count,
        f"{reverse('incident-list')}?{urlencode(where)}",
    )  # fmt: skip


def _shown(level: Any) -> Priority | None:
    return Priority(level, PRIORITIES[level]) if level in PRIORITIES else None
