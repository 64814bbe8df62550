"""Windows end at the moment asked about and begin where the catalogue says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.certification.catalogue import catalogue
from gnomon.certification.windows import Plan, WindowUnknown, first_is_over, months_before, window_of
from gnomon.standard.periods import Period

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
QUARTERLY = Plan(days=90, tolerance=14)


@pytest.mark.parametrize(
    ("window", "start"),
    [
        ("none", datetime(1970, 1, 1, tzinfo=UTC)),
        # March has 31 days: 30 days before the 31st is the 1st
        ("rolling 30 days", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("rolling 90 days", datetime(2025, 12, 31, 12, tzinfo=UTC)),
        ("12 months", datetime(2025, 3, 31, 12, tzinfo=UTC)),
        ("36 months", datetime(2023, 3, 31, 12, tzinfo=UTC)),
        # 90 + 14 = 104 days: 31 (March) + 28 + 31 + 14 days of December, whose 18th at noon is left
        ("planned interval", datetime(2025, 12, 17, 12, tzinfo=UTC)),
    ],
)
def test_each_window_of_the_catalogue_has_its_period(window: str, start: datetime) -> None:
    assert window_of(window, NOON, QUARTERLY) == Period(start, NOON)


def test_the_catalogue_uses_no_window_that_is_unknown() -> None:
    for rule in catalogue().rules.values():
        assert window_of(rule.window, NOON, QUARTERLY).end == NOON
    with pytest.raises(WindowUnknown, match="“a while” is not a window"):
        window_of("a while", NOON)


def test_recurring_windows_begin_no_earlier_than_the_operation() -> None:
    started = NOON - timedelta(days=10)
    assert window_of("12 months", NOON, QUARTERLY, started).start == started
    assert window_of("planned interval", NOON, QUARTERLY, started).start == started
    assert window_of("rolling 90 days", NOON, QUARTERLY, started).start == NOON - timedelta(days=90)
    # a start still to come leaves an empty period, not one that ends before it begins
    assert window_of("12 months", NOON, QUARTERLY, NOON + timedelta(days=1)) == Period(NOON, NOON)


def test_the_first_interval_is_over_once_a_whole_one_has_passed() -> None:
    assert not first_is_over("planned interval", NOON, QUARTERLY, NOON - timedelta(days=103))
    assert first_is_over("planned interval", NOON, QUARTERLY, NOON - timedelta(days=104))
    assert first_is_over("none", NOON, QUARTERLY, NOON)
    assert first_is_over("planned interval", NOON, QUARTERLY, None)


def test_a_month_without_the_day_gives_its_last_one() -> None:
    assert months_before(datetime(2024, 2, 29, tzinfo=UTC), 12) == datetime(2023, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)


@settings(max_examples=60)
@given(st.integers(0, 3_000_000_000), st.integers(1, 60))
def test_months_before_goes_back_by_that_many_months(second: int, months: int) -> None:
    at = datetime.fromtimestamp(second, UTC)
    earlier = months_before(at, months)
    assert (at.year * 12 + at.month) - (earlier.year * 12 + earlier.month) == months
    assert earlier.day == at.day or earlier.day >= 28
