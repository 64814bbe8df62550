from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gnomon.ui.charts.scales import Scale, decimals, every, ticks
from gnomon.ui.numbers import number_words

numbers = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


def test_ticks_of_a_month_of_counts_are_round() -> None:
    assert ticks(0, 1204) == [0, 500, 1000, 1500]


def test_ticks_do_not_show_the_dust_of_binary_fractions() -> None:
    assert ticks(0, 0.9) == [0, 0.25, 0.5, 0.75, 1.0]
    assert [number_words(mark, 1) for mark in ticks(0, 0.7)] == ["0.0", "0.2", "0.4", "0.6", "0.8"]


def test_one_value_alone_still_gets_a_scale() -> None:
    assert ticks(5, 5)[0] == 0
    assert ticks(5, 5)[-1] >= 5
    assert ticks(0, 0) == [0.0, 0.2, 0.4, 0.6]


@given(numbers, numbers)
def test_ticks_cover_the_data_rise_evenly_and_are_few(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    marks = ticks(low, high)
    room = 1e-6 * max(abs(low), abs(high), 1e-300)
    assert marks[0] <= low + room
    assert marks[-1] >= high - room
    assert 2 <= len(marks) <= 7
    assert all(a < b for a, b in itertools.pairwise(marks))


@given(numbers, numbers)
def test_tick_labels_can_be_told_apart(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    # Values closer together than a ten-millionth are told apart by the table, not by the axis.
    if 0 < high - low < 1e-7:
        return
    marks = ticks(low, high)
    words = [number_words(mark, decimals(marks)) for mark in marks]
    assert len(set(words)) == len(words)


@given(numbers, st.floats(min_value=0.001, max_value=1e12), numbers)
def test_a_place_never_leaves_the_scale(low: float, span: float, value: float) -> None:
    place = Scale(low, low + span, 240.0, 14.0)(value)
    assert 14.0 - 1e-9 <= place <= 240.0 + 1e-9


def test_han_labels_need_more_room_than_latin_ones() -> None:
    assert every(["Jan"] * 12, 600) == 1
    assert every(["二〇二六年一月"] * 12, 600) == 2
