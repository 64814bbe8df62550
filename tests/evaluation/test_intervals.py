"""Intervals against published values, against sums that define them, and what holds for all samples."""

from __future__ import annotations

import math
import random
from itertools import product
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.evaluation.distributions import beta_share, t_quantile
from gnomon.evaluation.intervals import means_differ, medians_differ, rates_differ, shares_differ, wilson

pytestmark = pytest.mark.clause("9.1")


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, score method without correction
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10
    [
        ((56, 70), (48, 80), 5.24, 33.39),
        ((9, 10), (3, 10), 17.05, 80.90),
        ((6, 7), (2, 7), 5.82, 80.62),
        ((5, 56), (0, 29), -3.81, 19.26),
        ((0, 10), (0, 10), -27.75, 27.75),
        ((10, 10), (0, 20), 67.91, 100.0),
    ],
)
def test_newcombe_as_published(after: tuple[int, int], before: tuple[int, int], low: float, high: float) -> None:
    found = shares_differ(before, after)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.006)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.7062), (2, 4.3027), (4, 2.7764), (10, 2.2281), (30, 2.0423), (120, 1.9799)]
)
def test_students_table(freedom: float, quantile: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(quantile, abs=5e-5)
    assert t_quantile(0.025, freedom) == pytest.approx(-quantile, abs=5e-5)


def test_welch_by_hand() -> None:
    # before 1 2 3 4 5: mean 3, variance 2.5; after 4 6 8 10 12: mean 8, variance 10
    # standard error √(2.5/5 + 10/5) = √2.5; freedom 2.5² / (0.5²/4 + 2²/4) = 6.25 / 1.0625 = 5.88235
    found = means_differ([1, 2, 3, 4, 5], [4, 6, 8, 10, 12])
    assert found is not None
    assert found.value == 5
    t = (found.high - 5) / math.sqrt(2.5)
    # The area under Student's density from 0 to that t must be 0.475; Simpson's rule with 2000 strips.
    freedom, strips = 6.25 / 1.0625, 2000
    front = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)
    heights = [front * (1 + (at * t / strips) ** 2 / freedom) ** (-(freedom + 1) / 2) for at in range(strips + 1)]
    area = sum(height * (1 if at in (0, strips) else 4 if at % 2 else 2) for at, height in enumerate(heights))
    assert area * t / strips / 3 == pytest.approx(0.475, abs=1e-8)
    assert found.high - 5 == pytest.approx(5 - found.low)


@pytest.mark.parametrize(("first", "second"), [(20, 9), (5, 0), (3, 14), (1, 1)])
def test_rates_by_the_sums_that_define_them(first: int, second: int) -> None:
    # 30 days before, 60 days after: under a ratio r the later share of all is p = 2r / (1 + 2r).
    found = rates_differ((first, 30), (second, 60))
    assert found is not None
    assert found.value == pytest.approx(second / first / 2)
    whole = first + second

    def chance(ratio: float, counts: range) -> float:
        p = 2 * ratio / (1 + 2 * ratio)
        return sum(math.comb(whole, k) * p**k * (1 - p) ** (whole - k) for k in counts)

    # At the upper bound so few would come about in one case of forty, at the lower one so many.
    assert chance(found.high, range(second + 1)) == pytest.approx(0.025, abs=1e-9)
    if second:
        assert chance(found.low, range(second, whole + 1)) == pytest.approx(0.025, abs=1e-9)
    else:
        assert found.low == 0


def test_a_bootstrap_without_drawing_is_the_bootstrap() -> None:
    """All 4⁴ samples of four values, against the trick that draws only their middle."""
    values = [1.0, 2.0, 4.0, 8.0]
    whole = [median(sample) for sample in product(values, repeat=4)]
    draw = random.Random(1)
    from gnomon.evaluation.intervals import _median_drawn

    drawn = [_median_drawn(values, draw) for _ in range(40_000)]
    for value in sorted(set(whole)):
        assert drawn.count(value) / len(drawn) == pytest.approx(whole.count(value) / len(whole), abs=0.01), value
    assert fmean(drawn) == pytest.approx(fmean(whole), abs=0.05)


def test_medians_of_like_samples_do_not_differ_and_of_unlike_ones_do() -> None:
    same = [float(value) for value in range(100)]
    found = medians_differ(same, same)
    assert found is not None
    assert not found.is_certain
    moved = medians_differ(same, [value + 60 for value in same])
    assert moved is not None
    assert moved.value == 60
    assert moved.is_certain
    assert moved == medians_differ(same, [value + 60 for value in same])


def test_what_cannot_be_told_is_none() -> None:
    assert shares_differ((0, 0), (1, 2)) is None
    assert means_differ([1.0], [1.0, 2.0]) is None
    assert rates_differ((0, 30), (5, 30)) is None
    assert rates_differ((5, 30), (5, 0)) is None
    assert medians_differ([], [1.0]) is None


def test_two_samples_without_any_spread_differ_by_exactly_that() -> None:
    found = means_differ([2.0, 2.0], [3.0, 3.0])
    assert found is not None
    assert (found.low, found.value, found.high) == (1, 1, 1)


counts = st.integers(0, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
values = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


@given(counts, counts)
def test_shares_turn_round_with_their_order(before: tuple[int, int], after: tuple[int, int]) -> None:
    there, back = shares_differ(before, after), shares_differ(after, before)
    assert (there is None) == (back is None)
    if there and back:
        assert there.low <= there.value + 1e-9
        assert there.value - 1e-9 <= there.high
        assert there.low >= (-100 - 1e-9)
        assert there.high <= 100 + 1e-9
        assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)


@given(values, values)
def test_means_turn_round_with_their_order(before: list[float], after: list[float]) -> None:
    there, back = means_differ(before, after), means_differ(after, before)
    assert there
    assert back
    assert there.low <= there.value <= there.high
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), rel=1e-6, abs=1e-6)


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_rates_turn_round_with_their_order(first: int, second: int) -> None:
    there, back = rates_differ((first, 1), (second, 1)), rates_differ((second, 1), (first, 1))
    assert there
    assert back
    assert there.low < there.value < there.high
    assert back.low == pytest.approx(1 / there.high, rel=1e-6)


@given(st.floats(0.001, 0.999), st.floats(0.1, 500), st.floats(0.1, 500))
def test_a_beta_distribution_mirrors(x: float, a: float, b: float) -> None:
    assert beta_share(x, a, b) == pytest.approx(1 - beta_share(1 - x, b, a), abs=1e-9)
