"""The priority matrix in use (8.6.1 b)."""

from __future__ import annotations

from collections.abc import Mapping

from gnomon.resolution.models.priority import USUAL, PriorityMatrix

Table = Mapping[str, Mapping[str, int]]


def table_in_use() -> Table:
    """The matrix that decides now; the usual one until an organisation puts its own in use."""
    table: Table | None = PriorityMatrix.objects.filter(status="in_use").values_list("table", flat=True).first()
    return table or USUAL


def priority_of(impact: int, urgency: int) -> int:
    """What comes first, from how much it hurts and how soon it must be cured."""
    return int(table_in_use()[str(impact)][str(urgency)])
