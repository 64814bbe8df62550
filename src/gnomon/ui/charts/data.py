"""What a chart is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from gnomon.standard.plugs import Says

Tone = Literal["1", "2", "3", "4", "5", "6", "ok", "warn", "danger", "info", "rest"]

# Beyond this, sums and differences of coordinates are no longer exact enough to draw.
LARGEST = 1e15


def can_be_drawn(value: float) -> bool:
    """Whether a value has a place on any scale."""
    return math.isfinite(value) and abs(value) <= LARGEST


@dataclass(frozen=True, slots=True)
class Series:
    """Values, one for each label of the chart; None leaves a gap.

    `urls` open the list that each value counts, `counts` say how many records that list holds.
    """

    name: Says
    values: Sequence[float | None]
    tone: Tone = "1"
    urls: Sequence[str] = ()
    counts: Sequence[int] = ()

    def value(self, at: int) -> float | None:
        """The value at a label, None where there is none that can be drawn."""
        value = self.values[at] if at < len(self.values) else None
        return value if value is not None and can_be_drawn(value) else None

    def url(self, at: int) -> str:
        return self.urls[at] if at < len(self.urls) else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the chart: a target, a limit, a mean."""

    value: float
    title: Says
    tone: Tone = "rest"


@dataclass(frozen=True, slots=True)
class Size:
    """The view box; text keeps its size, so choose by the room there is and not by scaling."""

    width: int = 640
    height: int = 240


WIDE = Size(1120, 260)


@dataclass(frozen=True, slots=True)
class Chart:
    """Labels along one axis, series of values along the other."""

    title: Says
    labels: Sequence[Says]
    series: Sequence[Series]
    unit: Says = ""
    rules: Sequence[Rule] = ()
    places: int | None = None
    empty: Says = ""
    from_zero: bool = True
    size: Size = field(default_factory=Size)

    @property
    def drawable(self) -> bool:
        """Whether there is anything to see."""
        return any(one.value(at) is not None for one in self.series for at in range(len(self.labels)))

    @property
    def lines(self) -> list[Rule]:
        """The rules that have a place."""
        return [rule for rule in self.rules if can_be_drawn(rule.value)]

    @property
    def linked(self) -> bool:
        return any(any(one.urls) for one in self.series)

    def values(self) -> list[float]:
        """Every value that can be drawn, rules too, since they must be seen."""
        drawn = [v for one in self.series for at in range(len(self.labels)) if (v := one.value(at)) is not None]
        return drawn + [rule.value for rule in self.lines]
