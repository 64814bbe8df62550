"""Two engines asked the same, and what must agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gnomon.evaluation.figures import Figure
from gnomon.evaluation.lake.engines import evaluate_in
from gnomon.evaluation.lake.exporting import export_ledger
from gnomon.evaluation.queries.measures import evaluate
from gnomon.records.ledger.seal import seal_ledger
from gnomon.standard.periods import Period

Ask = Callable[..., Any]


def same(ours: Figure, theirs: Figure) -> bool:
    """Counts are equal; what was divided or lies between two values agrees to the last digits of a double."""
    if (ours.count, ours.part) != (theirs.count, theirs.part):
        return False
    pairs = [(ours.value, theirs.value), (ours.median, theirs.median), (ours.p90, theirs.p90)]
    return all(a == b or (a is not None and b == pytest.approx(a, rel=1e-12)) for a, b in pairs)


def hold_together(ask: Ask, name: str, period: Period, by: str = "", **more: Any) -> None:
    ours = evaluate(name, period, by, **more)
    theirs = ask(name, period, by, **more)
    assert same(ours.figure, theirs.figure), (name, period, by, ours.figure, theirs.figure)
    ours_by, theirs_by = ({group.key: group.figure for group in found.groups} for found in (ours, theirs))
    assert ours_by.keys() == theirs_by.keys(), (name, by)
    for key, figure in ours_by.items():
        assert same(figure, theirs_by[key]), (name, by, key, figure, theirs_by[key])


def lake_at(folder: Path) -> Path:
    seal_ledger(sweep=True)
    export_ledger(folder)
    return folder


def in_duckdb(lake: Path) -> Ask:
    return lambda name, period, by="", **more: evaluate_in("lake", lake, name, period, by, **more)


def in_spark(lake: Path, session: Any) -> Ask:
    return lambda name, period, by="", **more: evaluate_in("spark", lake, name, period, by, session=session, **more)
