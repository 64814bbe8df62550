"""How far two samples differ, with an interval of 95 %; pure, and the same for the same values.

Shares: Newcombe's hybrid of two Wilson intervals. Means: Welch, with Student's t. Counts of what happened:
the exact ratio of two Poisson rates. Medians: percentile bootstrap with a fixed seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Literal

from gnomon.evaluation.distributions import beta_quantile, normal_quantile, t_quantile

CERTAINTY = 0.95
TAIL = (1 - CERTAINTY) / 2
SEED = "gnomon"
REPLICATES = 4000

Method = Literal["newcombe", "welch", "poisson", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Difference:
    """After less before, or after divided by before where `is_ratio`; it lies between `low` and `high`."""

    value: float
    low: float
    high: float
    method: Method
    is_ratio: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves out that nothing changed."""
        same = 1.0 if self.is_ratio else 0.0
        return self.low > same or self.high < same


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The score interval of a share, from 0 to 1."""
    z = normal_quantile(1 - TAIL)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = z * math.sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    # At 0 and at 1 the interval ends there; rounding must not put it beyond.
    return (0.0 if part == 0 else middle - reach), (1.0 if part == whole else middle + reach)


def shares_differ(before: tuple[int, int], after: tuple[int, int]) -> Difference | None:
    """Difference of two shares (part, whole), in percentage points; None when one of them is of nothing."""
    if not before[1] or not after[1]:
        return None
    first, second = before[0] / before[1], after[0] / after[1]
    (first_low, first_high), (second_low, second_high) = wilson(*before), wilson(*after)
    value = second - first
    low = value - math.hypot(second - second_low, first_high - first)
    high = value + math.hypot(second_high - second, first - first_low)
    return Difference(100 * value, 100 * low, 100 * high, "newcombe")


def means_differ(before: Sequence[float], after: Sequence[float]) -> Difference | None:
    """Difference of two means; None when a sample has fewer than two values, since its spread is not known."""
    if len(before) < 2 or len(after) < 2:
        return None
    value = fmean(after) - fmean(before)
    first, second = variance(before) / len(before), variance(after) / len(after)
    if first + second <= 0:
        return Difference(value, value, value, "welch")
    # Parts of the whole keep tiny spreads from vanishing when they are squared.
    of_first, of_second = first / (first + second), second / (first + second)
    freedom = 1 / (of_first**2 / (len(before) - 1) + of_second**2 / (len(after) - 1))
    reach = t_quantile(1 - TAIL, freedom) * math.sqrt(first + second)
    return Difference(value, value - reach, value + reach, "welch")


def rates_differ(before: tuple[int, float], after: tuple[int, float]) -> Difference | None:
    """Ratio of two rates (count, length of time); None when nothing happened before, or time did not pass.

    Given how much happened in all, the later part of it is binomial; its exact interval is that of the ratio.
    """
    (first, first_time), (second, second_time) = before, after
    if not first or first_time <= 0 or second_time <= 0:
        return None
    scale = first_time / second_time
    low = beta_quantile(TAIL, second, first + 1) if second else 0.0
    high = beta_quantile(1 - TAIL, second + 1, first)
    return Difference(second / first * scale, low / (1 - low) * scale, high / (1 - high) * scale, "poisson", True)


def medians_differ(before: Sequence[float], after: Sequence[float]) -> Difference | None:
    """Difference of two medians; None when a sample is empty. Both must be sorted."""
    if not before or not after:
        return None
    draw = random.Random(SEED)  # noqa: S311 - the same figures must give the same interval
    drawn = sorted(_median_drawn(after, draw) - _median_drawn(before, draw) for _ in range(REPLICATES))
    edge = int(TAIL * REPLICATES)
    value = _middle(after) - _middle(before)
    return Difference(value, drawn[edge], drawn[-1 - edge], "bootstrap")


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _median_drawn(ordered: Sequence[float], draw: random.Random) -> float:
    """The median of as many values drawn with replacement, without drawing them.

    The k-th smallest of n uniform draws is beta distributed; each of them stands for a value of the sample.
    """
    count = len(ordered)
    lower = (count + 1) // 2
    place = draw.betavariate(lower, count - lower + 1)
    one = ordered[min(int(place * count), count - 1)]
    if count % 2:
        return one
    beyond = place + (1 - place) * draw.betavariate(1, count - lower)
    return (one + ordered[min(int(beyond * count), count - 1)]) / 2
