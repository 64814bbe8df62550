"""Control charts of individuals and moving ranges (XmR): what is signal and what is noise; pure.

Limits are those of Shewhart and Wheeler: the mean ± 2.66 mean moving ranges, and 3.268 of them for the moving
range itself. The rules are the Western Electric rules, each told by a name of its own. Limits are computed anew
only where a `Baseline` begins, which is where a person said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

# 3 / d₂ and D₄ for ranges of two neighbours, as every handbook gives them.
INDIVIDUALS, RANGES = 2.66, 3.268
# With fewer points a limit is a guess, and with fewer than FIRM it still moves noticeably with each new one.
FEWEST, FIRM = 8, 17

Rule = Literal["beyond", "two_of_three", "four_of_five", "eight_in_a_row", "range"]
RULES: tuple[Rule, ...] = ("beyond", "two_of_three", "four_of_five", "eight_in_a_row", "range")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The points `first` up to but not at `end` set the limits, which hold from `first` until the next baseline."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and limits by `count` points; `low` or `high` is None where the unit ends before the limit.

    `low_range` would always be 0 and is left out.
    """

    centre: float
    mean_range: float
    count: int
    floor: float | None = None
    ceiling: float | None = None

    @property
    def sigma(self) -> float:
        """A third of the way from the centre to a limit."""
        return INDIVIDUALS * self.mean_range / 3

    @property
    def low(self) -> float | None:
        limit = self.centre - INDIVIDUALS * self.mean_range
        return None if self.floor is not None and limit < self.floor else limit

    @property
    def high(self) -> float | None:
        limit = self.centre + INDIVIDUALS * self.mean_range
        return None if self.ceiling is not None and limit > self.ceiling else limit

    @property
    def high_range(self) -> float:
        return RANGES * self.mean_range

    @property
    def provisional(self) -> bool:
        """Whether a few points more would still move the limits noticeably."""
        return self.count < FIRM


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that broke at a point; `points` are all those that it took."""

    rule: Rule
    at: int
    points: tuple[int, ...]
    side: Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Points `first` to `end` held to the same limits; None where there are too few points for any."""

    first: int
    end: int
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Values in their order (None where nothing was counted), moving ranges, limits and signals."""

    values: Sequence[float | None]
    ranges: Sequence[float | None]
    stages: Sequence[Stage]
    signals: Sequence[Signal]

    def limits_at(self, at: int) -> Limits | None:
        """The limits that a point is held to."""
        return next((stage.limits for stage in self.stages if stage.first <= at < stage.end), None)

    @property
    def limits(self) -> Limits | None:
        """The limits in force for the newest point."""
        return self.stages[-1].limits if self.stages else None

    def signals_at(self, at: int) -> list[Signal]:
        return [signal for signal in self.signals if signal.at == at]


def control_chart(
    values: Sequence[float | None],
    baselines: Iterable[Baseline] = (),
    *,
    floor: float | None = None,
    ceiling: float | None = None,
) -> ControlChart:
    """The chart of values that follow one another; a None is passed over, as if the next value came right after.

    Without a baseline all values set the limits. `floor` and `ceiling` are where the unit ends, as 0 and 100 %.
    """
    ranges = moving_ranges(values)
    stages = [
        Stage(first, end, _limits(values, basis, floor, ceiling)) for first, end, basis in _cut(len(values), baselines)
    ]
    signals = [signal for stage in stages for signal in _signals(values, ranges, stage)]
    return ControlChart(values, ranges, stages, sorted(signals, key=lambda one: (one.at, RULES.index(one.rule))))


def moving_ranges(values: Sequence[float | None]) -> list[float | None]:
    """How far each value lies from the one before it; None for the first, and where there is no value."""
    ranges: list[float | None] = []
    before: float | None = None
    for value in values:
        ranges.append(None if value is None or before is None else abs(value - before))
        before = value if value is not None else before
    return ranges


def _cut(count: int, baselines: Iterable[Baseline]) -> list[tuple[int, int, Baseline]]:
    """The stages, each with the points that set its limits; what lies before all baselines is held to the first."""
    known = sorted(
        (one for one in baselines if one.end > max(one.first, 0) and one.first < count),
        key=lambda one: (one.first, one.end),
    )
    # Of two that begin at one point the later one was meant.
    last = {one.first: one for one in known}
    chosen = list(last.values()) or [Baseline(0, count)]
    starts = [0, *(max(one.first, 0) for one in chosen[1:])]
    return [
        (start, end, basis)
        for start, end, basis in zip(starts, [*starts[1:], count], chosen, strict=True)
        if start < end
    ]


def _limits(
    values: Sequence[float | None], basis: Baseline, floor: float | None, ceiling: float | None
) -> Limits | None:
    known = [value for value in values[max(basis.first, 0) : basis.end] if value is not None]
    if len(known) < FEWEST:
        return None
    between = [abs(one - other) for one, other in pairwise(known)]
    return Limits(sum(known) / len(known), sum(between) / len(between), len(known), floor, ceiling)


def _signals(values: Sequence[float | None], ranges: Sequence[float | None], stage: Stage) -> list[Signal]:
    limits = stage.limits
    if limits is None:
        return []
    known = [(at, value) for at in range(stage.first, stage.end) if (value := values[at]) is not None]
    # What rounding alone moves is no signal.
    grain = 1e-9 * max(abs(limits.centre), limits.mean_range, 1e-300)
    zones = [(at, (value - limits.centre)) for at, value in known]
    found: list[Signal] = []
    for rule, needed, of, reach in (
        ("beyond", 1, 1, 3), ("two_of_three", 2, 3, 2), ("four_of_five", 4, 5, 1), ("eight_in_a_row", 8, 8, 0),
    ):  # fmt: skip
        beyond = reach * limits.sigma + grain
        found += _runs(rule, zones, needed, of, lambda away, beyond=beyond: away > beyond)  # type: ignore[arg-type,misc]
    high = limits.high_range + grain
    found += [
        Signal("range", at, (at,), "above")
        for at in range(stage.first, stage.end)
        if (moved := ranges[at]) is not None and moved > high
    ]
    return found


def _runs(
    rule: Rule, zones: Sequence[tuple[int, float]], needed: int, of: int, far: Callable[[float], bool]
) -> list[Signal]:
    """A signal at each point that is far out itself and completes `needed` of `of` on one side."""
    found: list[Signal] = []
    sides: tuple[tuple[Literal["above", "below"], int], ...] = (("above", 1), ("below", -1))
    for side, sign in sides:
        for place, (at, away) in enumerate(zones):
            window = zones[max(place - of + 1, 0) : place + 1]
            points = tuple(one for one, other in window if far(sign * other))
            if far(sign * away) and len(points) >= needed:
                found.append(Signal(rule, at, points, side))
    return found
