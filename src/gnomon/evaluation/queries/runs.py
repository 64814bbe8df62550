"""Numbers in order that lie in several sorted runs, as days keep them: any place is found without merging them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from gnomon.evaluation.figures import Figure, mean_of
from gnomon.jobs.moments import milliseconds
from gnomon.standard.periods import Period


class Merged:
    """Some runs as one, without the numbers of others that are among them."""

    def __init__(self, runs: Sequence[array[int]], without: Sequence[array[int]] = ()) -> None:
        self._runs = [run for run in runs if run]
        self._without = [run for run in without if run]
        self._count = sum(map(len, self._runs)) - sum(map(len, self._without))
        self._last = -2, 0  # the place that was asked about last, and what lies there

    @property
    def total(self) -> int:
        return sum(map(sum, self._runs)) - sum(map(sum, self._without))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int, /) -> int:
        """The smallest number that more than `place` do not exceed: halved down to, over all runs at once."""
        last, number = self._last
        if place - 1 == last and not self._without:  # quantiles lie between two neighbours
            found = number if self._upto(number) > place else self._next_after(number)
        else:
            found = self._halved_down_to(place)
        self._last = place, found
        return found

    def _next_after(self, number: int) -> int:
        return min(run[at] for run in self._runs if (at := bisect_right(run, number)) < len(run))

    def _halved_down_to(self, place: int) -> int:
        low, high = min(run[0] for run in self._runs), max(run[-1] for run in self._runs)
        while low < high:
            middle = (low + high) // 2
            if self._upto(middle) > place:
                high = middle
            else:
                low = middle + 1
        return low

    def count_of(self, number: int) -> int:
        """How many are this number."""
        return self._upto(number) - self._upto(number - 1)

    def _upto(self, number: int) -> int:
        found = sum([bisect_right(run, number) for run in self._runs])
        return found - sum([bisect_right(run, number) for run in self._without]) if self._without else found


class Spreads:
    """The numbers of a mean between moments; those of any period whose ends are among them."""

    def __init__(
        self, edges: Sequence[datetime], slots: Sequence[Sequence[array[int]]],
        without: Sequence[Sequence[array[int]]] = (),
    ) -> None:  # fmt: skip
        self._edges, self._slots, self._without = edges, slots, without

    def numbers(self, period: Period) -> Merged:
        first, end = bisect_left(self._edges, period.start), bisect_left(self._edges, period.end)
        runs, without = ([run for slot in some[first:end] for run in slot] for some in (self._slots, self._without))
        return Merged(runs, without)

    def figure(self, period: Period, scale: float) -> Figure:
        """Mean, median and 90th percentile."""
        numbers = self.numbers(period)
        return mean_of(numbers, numbers.total, scale)


class Day(NamedTuple):
    """How many of what began in a stretch of time stand, and when each of them began, read when asked for."""

    start: int
    end: int
    size: int
    began: Callable[[], array[int]]


class Standing:
    """What stands at a moment, by when it began."""

    def __init__(self, at: datetime, days: Sequence[Day]) -> None:
        self._at, self._days = milliseconds(at), days
        self._before = [0, *accumulate(day.size for day in days)]

    def __len__(self) -> int:
        return self._before[-1]

    def __getitem__(self, place: int, /) -> int:
        """The ages in order, the youngest first."""
        place = len(self) - 1 - place
        at = bisect_right(self._before, place) - 1
        return self._at - self._days[at].began()[place - self._before[at]]

    def began_before(self, moment: int) -> int:
        """How many began before a moment."""
        at = bisect_left(self._days, moment, key=lambda day: day.end)
        if at == len(self._days) or self._days[at].start >= moment:
            return self._before[at]
        if self._days[at].end == moment:
            return self._before[at + 1]
        return self._before[at] + bisect_left(self._days[at].began(), moment)

    def ages(self, starts: int, scale: float) -> Figure:
        """Mean, median and 90th percentile; `starts` is what the moments of begin add up to."""
        return mean_of(self, self._at * len(self) - starts, scale)


def standing_of(at: datetime, began: Sequence[int]) -> Standing:
    """What stands at a moment, from when each began."""
    ordered = array("q", sorted(began))
    return Standing(at, [Day(ordered[0], milliseconds(at), len(ordered), lambda: ordered)] if ordered else [])
