"""A period begins with its first moment and ends before its last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.standard.periods import Period

MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def test_its_end_is_no_longer_in_it():
    assert MARCH.start in MARCH
    assert MARCH.end - timedelta(microseconds=1) in MARCH
    assert MARCH.end not in MARCH
    assert MARCH.start - timedelta(microseconds=1) not in MARCH
    assert MARCH.length == timedelta(days=31)


def test_a_period_without_length_holds_nothing():
    assert MARCH.start not in Period(MARCH.start, MARCH.start)


def test_it_cannot_end_before_it_starts_or_be_without_a_zone():
    with pytest.raises(ValueError, match="cannot end"):
        Period(MARCH.end, MARCH.start)
    for start, end in ((datetime(2026, 3, 1), MARCH.end), (MARCH.start, datetime(2026, 4, 1))):
        with pytest.raises(ValueError, match="time zone"):
            Period(start, end)


def test_the_last_days_and_all_days():
    assert Period.last(31, until=MARCH.end) == MARCH
    assert MARCH.start in Period.since_ever(until=MARCH.end)
    assert MARCH.end not in Period.since_ever(until=MARCH.end)


MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 400), st.integers(0, 400), MOMENTS)
def test_neighbouring_periods_share_no_moment_and_leave_none_out(until, first, second, moment):
    later = Period.last(second, until=until)
    earlier = Period.last(first, until=later.start)
    both = Period.last(first + second, until=until)
    assert (moment in earlier) + (moment in later) == (moment in both)
