"""Sections that apps above add to dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from gnomon.evaluation.boards.declared import Contribution
from gnomon.standard.collect import collect


@cache
def contributions(board: str) -> Sequence[Contribution]:
    """Those for one dashboard, in their order."""
    found = [one for one in collect("contributions", Contribution) if one.board == board]
    return sorted(found, key=lambda one: one.order)
