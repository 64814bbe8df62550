"""The openings of a calendar along the time line, laid out year by year as they are asked for.

Everything is epoch milliseconds. Openings begin and end at whole seconds, so flooring what has
passed up to a moment is the same as flooring the moment: lengths in whole seconds add up exactly.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from gnomon.calendars.columns import Columns, column, worth_columns
from gnomon.calendars.hours import Hours
from gnomon.calendars.instants import (
    DAY_MS,
    EPOCH,
    LAST_YEAR,
    MILLISECOND,
    SECOND_MS,
    moment_at,
    start_of_year,
    year_of,
)
from gnomon.calendars.refusals import NeverOpens, OutOfReach
from gnomon.calendars.zones import offsets

Opening = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Openings of whole UTC years.

    `points` are starts and ends in turn. At an instant that `k` points precede or equal, the open
    time since the layout's beginning is `shifts[k]`, plus the instant itself when `k` is odd (open).
    `totals` is the open time at the end of each opening.
    """

    first_year: int
    last_year: int
    start: int
    end: int
    points: list[int]
    shifts: list[int]
    totals: list[int]

    def passed(self, instant: int) -> int:
        """Whole open seconds from the beginning of the layout to `instant`."""
        k = bisect_right(self.points, instant)
        return (self.shifts[k] + instant if k & 1 else self.shifts[k]) // SECOND_MS

    def reached(self, seconds: int) -> int | None:
        """The first instant by which `seconds` (at least one) have passed; None when the layout is too short."""
        wanted = seconds * SECOND_MS
        k = bisect_left(self.totals, wanted)
        return None if k == len(self.totals) else self.points[2 * k + 1] - self.totals[k] + wanted


class Openings:
    """Openings that follow weekly hours and dated exceptions.

    Laid-out years are kept. A layout is never changed but replaced as a whole, so threads may share it.
    """

    def __init__(
        self, zone: tzinfo, hours_on: Callable[[date], Hours], *, last_opening: int, last_closing: int
    ) -> None:
        """`last_opening` and `last_closing` are the last years in which it may change to open and to closed."""
        self._zone = zone
        self._hours_on = hours_on
        self._last_opening = min(last_opening, LAST_YEAR)
        self._last_closing = min(last_closing, LAST_YEAR)
        self._years: dict[int, list[Opening]] = {}
        self._layout: Layout | None = None
        self._columns: tuple[Layout, Columns] | None = None

    def between(self, start: int, end: int) -> int:
        layout = self._covering(min(start, end), max(start, end))
        return layout.passed(end) - layout.passed(start)

    def between_many(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        if not starts:
            return []
        layout = self._covering(min(min(starts), min(ends)), max(max(starts), max(ends)))
        if worth_columns(len(starts)):
            counted: list[int] = self._columns_of(layout).between(column(starts), column(ends)).tolist()
            return counted
        points, shifts, find = layout.points, layout.shifts, bisect_right
        found = []
        for start, end in zip(starts, ends, strict=True):  # Layout.passed twice, written out: half the time
            i = find(points, start)
            j = find(points, end)
            found.append(
                (shifts[j] + end if j & 1 else shifts[j]) // 1000 - (shifts[i] + start if i & 1 else shifts[i]) // 1000
            )
        return found

    def between_columns(self, starts: Any, ends: Any) -> Any:
        starts, ends = column(starts), column(ends)
        if not len(starts):
            return starts
        low, high = min(starts.min(), ends.min()), max(starts.max(), ends.max())
        return self._columns_of(self._covering(int(low), int(high))).between(starts, ends)

    def add(self, start: int, seconds: int) -> int:
        if seconds == 0:
            return start
        layout = self._covering(start, start)
        wanted = layout.passed(start) + seconds
        while (found := layout.reached(wanted)) is None:
            layout = self._longer(layout, start, seconds)
        return found

    def is_open(self, instant: int) -> bool:
        return bool(bisect_right(self._covering(instant, instant).points, instant) & 1)

    def next_opening(self, instant: int) -> int:
        return instant if self.is_open(instant) else self.add(instant, 1) - SECOND_MS

    def next_closing(self, instant: int) -> int | None:
        """The end of the opening at `instant` or, when closed, of the next one; None when it never closes."""
        opening = self.next_opening(instant)
        layout = self._covering(opening, opening)
        # The last point may only be the edge of what is laid out so far.
        while (closing := layout.points[bisect_right(layout.points, opening)]) == layout.end:
            if layout.last_year >= self._last_closing:
                return None
            layout = self._lay(layout.first_year, layout.last_year + 1)
        return closing

    def within(self, start: int, end: int) -> list[Opening]:
        layout = self._covering(start, end)
        points = layout.points
        first = bisect_right(points, start) // 2 * 2
        found = []
        for k in range(first, len(points), 2):
            if points[k] >= end:
                break
            found.append((max(points[k], start), min(points[k + 1], end)))
        return [(opens, closes) for opens, closes in found if opens < closes]

    def _columns_of(self, layout: Layout) -> Columns:
        kept = self._columns
        if kept is None or kept[0] is not layout:
            kept = self._columns = (layout, Columns(layout.points, layout.shifts))
        return kept[1]

    def _covering(self, low: int, high: int) -> Layout:
        layout = self._layout
        if layout is not None and layout.start <= low and high < layout.end:
            return layout
        first, last = year_of(low), year_of(high)
        if layout is not None:
            first, last = min(first, layout.first_year), max(last, layout.last_year)
        return self._lay(first, last)

    def _longer(self, layout: Layout, start: int, seconds: int) -> Layout:
        if layout.last_year >= self._last_opening:
            facts = {"seconds": seconds, "moment": moment_at(start).isoformat()}
            if self._last_opening < LAST_YEAR:
                raise NeverOpens(
                    "The calendar does not have %(seconds)d seconds of open time after %(moment)s,"
                    " so they never pass; give it weekly hours or more open days.",
                    **facts,
                )
            raise OutOfReach(
                "%(seconds)d seconds of open time after %(moment)s end after %(last)d; use a shorter length of time.",
                last=LAST_YEAR,
                **facts,
            )
        doubled = layout.last_year + (layout.last_year - layout.first_year) + 1
        return self._lay(layout.first_year, min(doubled, self._last_opening))

    def _lay(self, first: int, last: int) -> Layout:
        points: list[int] = []
        for year in range(first, last + 1):
            if year not in self._years:
                self._years[year] = self._year(year)
            for opens, closes in self._years[year]:
                if points and points[-1] == opens:
                    points[-1] = closes
                else:
                    points += (opens, closes)
        shifts, totals, total = [0], [], 0
        for k in range(0, len(points), 2):
            shifts.append(total - points[k])
            total += points[k + 1] - points[k]
            shifts.append(total)
            totals.append(total)
        self._layout = Layout(first, last, start_of_year(first), start_of_year(last + 1), points, shifts, totals)
        return self._layout

    def _year(self, year: int) -> list[Opening]:
        """Open when the clock on the wall shows open hours: a skipped hour counts not at all, a repeated one twice."""
        walls = self._walls(year)
        ends = [end for _, end in walls]
        found = []
        for since, until, offset in offsets(self._zone, year):
            for k in range(bisect_right(ends, since + offset), len(walls)):
                opens, closes = max(walls[k][0] - offset, since), min(walls[k][1] - offset, until)
                if opens >= until:
                    break
                found.append((opens, closes))
        return found

    def _walls(self, year: int) -> list[Opening]:
        day, last = date(year, 1, 1) - timedelta(days=2), date(year + 1, 1, 2)
        midnight = (day - EPOCH.date()) // MILLISECOND
        found = []
        while day <= last:
            found += [(midnight + s * SECOND_MS, midnight + e * SECOND_MS) for s, e in self._hours_on(day)]
            day += timedelta(days=1)
            midnight += DAY_MS
        return found


class Unbroken:
    """The openings of a calendar that never closes: business time is time."""

    def between(self, start: int, end: int) -> int:
        return end // SECOND_MS - start // SECOND_MS

    def between_many(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        return [end // 1000 - start // 1000 for start, end in zip(starts, ends, strict=True)]

    def between_columns(self, starts: Any, ends: Any) -> Any:
        return column(ends) // SECOND_MS - column(starts) // SECOND_MS

    def add(self, start: int, seconds: int) -> int:
        return (start // SECOND_MS + seconds) * SECOND_MS if seconds else start

    def is_open(self, instant: int) -> bool:
        return True

    def next_opening(self, instant: int) -> int:
        return instant

    def next_closing(self, instant: int) -> int | None:
        return None

    def within(self, start: int, end: int) -> list[Opening]:
        return [(start, end)] if start < end else []
