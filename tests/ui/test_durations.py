from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from gnomon.project.translations import compile_all
from gnomon.ui.durations import duration_words, moment_html, relative_words
from gnomon.ui.numbers import number_words

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def chinese() -> None:
    compile_all()
    translation.activate("zh-hans")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=1, hours=4, minutes=59), "1 d 4 h"),
        (timedelta(days=1, minutes=3), "1 d"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(minutes=12, seconds=5), "12 min 5 s"),
        (timedelta(0), "0 s"),
        (-timedelta(hours=3), "−3 h"),
        (None, "–"),
    ],
)
def test_a_duration_says_its_two_largest_units(length: timedelta | None, words: str) -> None:
    assert duration_words(length) == words


def test_working_time_has_no_days_since_a_working_day_is_not_24_hours() -> None:
    assert duration_words(timedelta(hours=28, minutes=10), days=False) == "28 h 10 min"


def test_chinese_durations(chinese: None) -> None:
    assert duration_words(timedelta(days=1, hours=4)) == "1 天 4 小时"
    assert relative_words(NOON - timedelta(hours=3), NOON) == "3 小时前"
    assert relative_words(NOON + timedelta(days=2), NOON) == "2 天后"


@given(st.integers(0, 10**9), st.booleans())
def test_a_duration_is_rounded_down_and_by_less_than_its_smallest_unit_shown(seconds: int, days: bool) -> None:
    words = duration_words(timedelta(seconds=seconds), days=days).split()
    worth = {"d": 86400, "h": 3600, "min": 60, "s": 1}
    told = sum(int(count) * worth[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= seconds
    # Two units are shown at most, so what is left out is less than a second unit below the first.
    below = {"d": 3600, "h": 60, "min": 1, "s": 1}
    assert seconds - told < below[words[1]]


def test_a_moment_is_local_with_the_distance_as_its_title() -> None:
    with timezone.override("Asia/Shanghai"):
        shown = moment_html(NOON - timedelta(hours=3), NOON)
    assert shown == '<time datetime="2026-05-14T09:00:00Z" title="3 h ago">14 May, 17:00</time>'


def test_a_moment_of_another_year_says_so() -> None:
    with timezone.override("Asia/Shanghai"):
        # 23:30 in Greenwich on New Year's Eve is already the new year in Shanghai.
        assert "1 Jan, 07:30" in moment_html(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), NOON)
        assert "31 Dec 2025, 07:30" in moment_html(datetime(2025, 12, 30, 23, 30, tzinfo=UTC), NOON)


def test_chinese_moments_are_chinese(chinese: None) -> None:
    with timezone.override("Asia/Shanghai"):
        assert ">5月14日 17:00<" in moment_html(NOON - timedelta(hours=3), NOON)
        assert ">2024年2月29日 20:00<" in moment_html(datetime(2024, 2, 29, 12, tzinfo=UTC), NOON)


def test_numbers_are_grouped_in_threes_in_both_languages(chinese: None) -> None:
    assert number_words(141_712) == "141,712"
    assert number_words(-1234.5) == "−1,234.5"
    assert number_words(63.4236, 2) == "63.42"
    assert number_words(-0.001) == "0"
