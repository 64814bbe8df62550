"""Quantiles that intervals need: normal, Student's t and beta; pure, to about ten digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

TINY = 1e-300
STEPS = 200


def normal_quantile(share: float) -> float:
    return NormalDist().inv_cdf(share)


def beta_share(x: float, a: float, b: float) -> float:
    """The share of a beta distribution below `x` (the regularised incomplete beta function)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    # The fraction runs out soon on one side of the mean only; the other side is its mirror.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def beta_quantile(share: float, a: float, b: float) -> float:
    """The value below which a share of a beta distribution lies."""
    return _solved(lambda x: beta_share(x, a, b), share, 0.0, 1.0)


def t_share(t: float, freedom: float) -> float:
    """The share of Student's t distribution below `t`."""
    half = beta_share(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return half if t < 0 else 1 - half


def t_quantile(share: float, freedom: float) -> float:
    """The value below which a share of Student's t distribution lies; `freedom` need not be whole."""
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    reach = 1.0
    while t_share(reach, freedom) < share:
        reach *= 2
    return _solved(lambda t: t_share(t, freedom), share, 0.0, reach)


def _solved(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    for _step in range(STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    # It takes about √max(a, b) terms.
    for m in range(1, 100 + int(10 * math.sqrt(max(a, b)))):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        found *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        found *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return found


def _away(value: float) -> float:
    """Never quite zero, since it is divided by."""
    return value if abs(value) > TINY else TINY
