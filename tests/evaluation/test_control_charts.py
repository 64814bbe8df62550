"""Control charts: limits by hand, each rule by a series made for it, and what holds for all series."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gnomon.evaluation.control_charts import FEWEST, FIRM, RULES, Baseline, control_chart, moving_ranges

pytestmark = pytest.mark.clause("9.1")

# Ranges: 2 2 2 2 2 2 2, mean 2; mean of the values 11.
STEADY = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0]

some_values = st.lists(
    st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6, allow_nan=False).map(lambda v: round(v, 3))),
    max_size=60,
)


def broken(chart: object) -> list[tuple[str, int, str]]:
    return [(signal.rule, signal.at, signal.side) for signal in chart.signals]  # type: ignore[attr-defined]


def test_limits_worked_by_hand() -> None:
    # values 39 41 41 41 43 44 41 42 40 41 44 40: sum 497, mean 41.41667
    # ranges  2  0  0  2  1  3  1  2  1  3  4:      sum 19, of 11: 1.72727
    # limits 41.41667 ± 2.66 × 1.72727 = 41.41667 ± 4.59455; of the range 3.268 × 1.72727 = 5.64473
    limits = control_chart([39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]).limits
    assert limits is not None
    assert limits.centre == pytest.approx(41.41667, abs=1e-5)
    assert limits.mean_range == pytest.approx(1.72727, abs=1e-5)
    assert limits.low == pytest.approx(36.82212, abs=1e-5)
    assert limits.high == pytest.approx(46.01121, abs=1e-5)
    assert limits.high_range == pytest.approx(5.64473, abs=1e-5)
    assert limits.provisional
    assert limits.count == 12


def test_noise_is_no_signal() -> None:
    assert control_chart(STEADY * 3).signals == []


def test_a_point_beyond_the_limit() -> None:
    # baseline: 11 ± 2.66 × 2 = 5.68 … 16.32; two sigma is 11 + 3.5467
    chart = control_chart([*STEADY, 16.31, 11, 11, 16.33], [Baseline(0, 8)])
    assert ("beyond", 11, "above") in broken(chart)
    assert ("beyond", 8, "above") not in broken(chart)
    below = control_chart([*STEADY, 5.67], [Baseline(0, 8)])
    assert broken(below)[0] == ("beyond", 8, "below")


def test_two_of_three_beyond_two_sigma_on_one_side() -> None:
    # two sigma: 11 ± 3.5467, so 14.6 and 7.4 are beyond
    assert ("two_of_three", 10, "above") in broken(control_chart([*STEADY, 14.6, 11, 14.6], [Baseline(0, 8)]))
    other_side = control_chart([*STEADY, 14.6, 11, 7.4], [Baseline(0, 8)])
    assert "two_of_three" not in [rule for rule, _at, _side in broken(other_side)]


def test_four_of_five_beyond_one_sigma_on_one_side() -> None:
    # one sigma: 11 ± 1.7733, so 12.8 and 9.2 are beyond
    chart = control_chart([*STEADY, 12.8, 12.8, 11, 12.8, 12.8], [Baseline(0, 8)])
    assert broken(chart) == [("four_of_five", 12, "above")]
    # the points that it took: all but the one at the centre
    assert chart.signals[0].points == (8, 9, 11, 12)


def test_eight_in_a_row_on_one_side_of_the_centre() -> None:
    # the last of STEADY lies above, too: 12, so the eighth in a row is the seventh new one
    chart = control_chart([*STEADY, *[11.5] * 7], [Baseline(0, 8)])
    assert broken(chart) == [("eight_in_a_row", 14, "above")]
    # at the centre is on no side
    assert control_chart([*STEADY, *[11.5] * 6, 11, 11.5], [Baseline(0, 8)]).signals == []


def test_a_moving_range_beyond_its_limit() -> None:
    # 3.268 × 2 = 6.536: from 8 to 14.54 is further, though both lie within the limits of the values
    chart = control_chart([*STEADY, 8.0, 14.54], [Baseline(0, 8)])
    assert broken(chart) == [("range", 9, "above")]


def test_limits_stay_until_a_person_sets_a_new_baseline() -> None:
    better = [value - 6 for value in STEADY]
    held = control_chart([*STEADY, *better], [Baseline(0, 8)])
    assert {rule for rule, _at, _side in broken(held)} >= {"beyond", "eight_in_a_row"}
    anew = control_chart([*STEADY, *better], [Baseline(0, 8), Baseline(8, 16)])
    assert [stage.first for stage in anew.stages] == [0, 8]
    assert [limits.centre for at in (0, 15) if (limits := anew.limits_at(at))] == [11, 5]
    # The step from 12 to 4 is still a moving range of 8.
    assert broken(anew) == [("range", 8, "above")]


def test_too_few_points_give_no_limits_and_no_signals() -> None:
    chart = control_chart([*STEADY[:7], None, None])
    assert (chart.limits, list(chart.signals)) == (None, [])
    assert control_chart(STEADY).limits is not None
    assert control_chart([]).stages == []
    firm = control_chart(STEADY * 2 + [11.0]).limits
    assert firm is not None
    assert (firm.count, firm.provisional) == (FIRM, False)


def test_a_limit_beyond_the_end_of_the_unit_is_none() -> None:
    # 97 99 … : ranges 2, limits 98 ± 5.32: 92.68 and 103.32, which no share reaches
    limits = control_chart([97, 99] * 4, floor=0, ceiling=100).limits
    assert limits is not None
    assert limits.high is None
    assert limits.low == pytest.approx(92.68)


def test_a_series_that_never_moved_tells_any_move() -> None:
    chart = control_chart([*[3.0] * 8, 3.0, 4.0], [Baseline(0, 8)])
    assert ("beyond", 9, "above") in broken(chart)
    assert broken(control_chart([0.1 + 0.2] * 30)) == []


def test_gaps_are_passed_over() -> None:
    assert moving_ranges([1, None, 4, 3]) == [None, None, 3, 1]


@given(some_values)
def test_every_signal_is_what_its_rule_says(values: list[float | None]) -> None:
    chart = control_chart(values)
    needed = {"beyond": 1, "two_of_three": 2, "four_of_five": 4, "eight_in_a_row": 8, "range": 1}
    for signal in chart.signals:
        limits = chart.limits_at(signal.at)
        assert limits is not None
        assert signal.rule in RULES
        assert signal.at == signal.points[-1]
        assert len(signal.points) >= needed[signal.rule]
        if signal.rule != "range":
            reach = {"beyond": 3, "two_of_three": 2, "four_of_five": 1, "eight_in_a_row": 0}[signal.rule]
            sign = 1 if signal.side == "above" else -1
            assert all(sign * ((values[at] or 0) - limits.centre) > reach * limits.sigma for at in signal.points)


@given(some_values, st.floats(min_value=-1000, max_value=1000), st.sampled_from([0.5, 2.0, 60.0]))
def test_limits_move_with_the_zero_and_the_unit(values: list[float | None], zero: float, unit: float) -> None:
    moved = [None if value is None else value * unit + zero for value in values]
    one, other = control_chart(values).limits, control_chart(moved).limits
    assert (one is None) == (other is None)
    if one and other:
        assert other.centre == pytest.approx(one.centre * unit + zero, rel=1e-6, abs=1e-6)
        assert other.high_range == pytest.approx(one.high_range * unit, rel=1e-6, abs=1e-6)


@given(some_values)
def test_a_mirror_turns_sides_and_keeps_signals(values: list[float | None]) -> None:
    turned = {"above": "below", "below": "above"}
    plain = {(s.rule, s.at, s.side) for s in control_chart(values).signals}
    mirrored = control_chart([None if value is None else -value for value in values]).signals
    assert plain == {(s.rule, s.at, s.side if s.rule == "range" else turned[s.side]) for s in mirrored}


@example([], [(-1, 1), (-2, 1)])
@given(some_values, st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=4))
def test_stages_cover_every_point_once(values: list[float | None], spans: list[tuple[int, int]]) -> None:
    chart = control_chart(values, [Baseline(first, end) for first, end in spans])
    covered = [at for stage in chart.stages for at in range(stage.first, stage.end)]
    assert covered == list(range(len(values)))
    known = sum(value is not None for value in values)
    if known < FEWEST:
        assert all(stage.limits is None for stage in chart.stages)
