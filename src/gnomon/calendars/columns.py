"""Lengths of many stretches at once, on columns of numbers: what bulk measures are made of.

The same sums as `Layout.passed`, a column at a time. numpy comes with the extra `lake`; without it the plain loop
counts, and answers the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from gnomon.calendars.instants import SECOND_MS

WORTH_IT = 5000  # pairs from which turning lists into columns costs less than it saves
AT_ONCE = 1 << 16  # rows worked on together, so that what lies between stays in the processor's cache


class Columns:
    """The points and shifts of a layout as columns."""

    def __init__(self, points: Sequence[int], shifts: Sequence[int]) -> None:
        import numpy as np

        self._numpy = np
        self._points, self._shifts = np.array(points, np.int64), np.array(shifts, np.int64)

    def between(self, starts: Any, ends: Any) -> Any:
        """Open seconds of each pair, as a column."""
        found = self._numpy.empty(len(starts), self._numpy.int64)
        for at in range(0, len(starts), AT_ONCE):
            rows = slice(at, at + AT_ONCE)
            self._numpy.subtract(self._passed(ends[rows]), self._passed(starts[rows]), out=found[rows])
        return found

    def _passed(self, instants: Any) -> Any:
        place = self._points.searchsorted(instants, "right")
        passed = self._shifts.take(place)
        place &= 1  # odd: open, where the instant itself counts
        place *= instants
        passed += place
        passed //= SECOND_MS
        return passed


def worth_columns(count: int) -> bool:
    """Whether so many pairs are quicker as columns, and numpy is there."""
    return count >= WORTH_IT and find_spec("numpy") is not None


def column(values: Any) -> Any:
    """Whole numbers as a column; those that are one stay as they are."""
    import numpy as np

    if isinstance(values, np.ndarray):
        return values.astype(np.int64, casting="same_kind", copy=False)
    return np.fromiter(values, np.int64, len(values))
