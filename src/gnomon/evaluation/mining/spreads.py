"""How values spread within groups: count, mean, median and 90th percentile of each, in one sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnomon.evaluation.mining.events import WIDEST, Whole

Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spreads:
    """One value for each group; a group without values has count 0 and nothing else."""

    count: Whole
    total: Real
    mean: Real
    median: Real
    p90: Real


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of one group spread, in milliseconds."""

    count: int = 0
    total: float = 0.0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None


def spreads(group: Whole, value: Whole, groups: int) -> Spreads:
    """How `value` spreads within each of `groups` groups."""
    count = np.bincount(group, minlength=groups)
    total = np.bincount(group, weights=value, minlength=groups).astype(np.float64)
    ends = np.cumsum(count)
    ordered = _ordered(group, value)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
    return Spreads(count, total, mean, _quantile(ordered, ends, count, 1, 2), _quantile(ordered, ends, count, 9, 10))


def spread(value: Whole) -> Spread:
    """How all values spread."""
    return spread_at(spreads(np.zeros(len(value), np.int64), value, 1), 0)


def spread_at(found: Spreads, at: int) -> Spread:
    """The spread of one group."""
    if not found.count[at]:
        return Spread()
    return Spread(
        int(found.count[at]),
        float(found.total[at]),
        float(found.mean[at]),
        float(found.median[at]),
        float(found.p90[at]),
    )


def _ordered(group: Whole, value: Whole) -> Whole:
    """The values by group, then size."""
    if not len(value):
        return value
    low, high = int(value.min()), int(value.max())
    span = high - low + 1
    if span * (int(group.max()) + 1) < WIDEST:
        return np.sort(group * span + (value - low)) % span + low
    return value[np.lexsort((value, group))]


def _quantile(ordered: Whole, ends: Whole, count: Whole, part: int, of: int) -> Real:
    """Between two neighbours in proportion, as `figures.quantile` does."""
    found = np.full(len(count), np.nan)
    some = count > 0
    if not some.any():
        return found
    places = (count[some] - 1) * part
    below = (ends[some] - count[some]) + places // of
    above = np.minimum(below + 1, ends[some] - 1)
    low = ordered[below].astype(np.float64)
    found[some] = low + (ordered[above] - low) * (places % of) / of
    return found
