"""Figures from values, and periods cut into months, weeks and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.evaluation.figures import NOTHING, counted, mean, quantile, share
from gnomon.evaluation.periods import STEPS, PeriodUnclear, buckets, moment_named, period_named
from gnomon.standard.periods import Period

VALUES = st.lists(st.integers(min_value=-(10**12), max_value=10**12), min_size=1, max_size=40)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"])


def test_nothing_has_no_mean_and_no_share() -> None:
    assert mean([]) == NOTHING
    assert share(0, 0).value is None
    assert counted(0).value == 0


def test_a_figure_worked_out_by_hand() -> None:
    # 1, 2, 4, 10: mean 17/4; median (2+4)/2; p90 at place 0.9 × 3 = 2.7: 4 + 0.7 × (10 − 4)
    figure = mean([10, 1, 4, 2])
    assert (figure.value, figure.count, figure.median) == (4.25, 4, 3)
    assert figure.p90 == pytest.approx(8.2)
    assert mean([3_600_000], scale=3_600_000).p90 == 1
    assert share(1, 8).value == 12.5


@given(VALUES, st.integers(0, 10))
@settings(max_examples=100, deadline=None)
def test_a_quantile_lies_between_its_neighbours_in_proportion(values: list[int], tenths: int) -> None:
    ordered = sorted(values)
    place = Fraction(tenths * (len(ordered) - 1), 10)
    low = ordered[int(place)]
    high = ordered[min(int(place) + 1, len(ordered) - 1)]
    exact = low + (high - low) * (place - int(place))
    assert quantile(ordered, tenths, 10) == pytest.approx(float(exact), abs=1e-3)
    assert quantile(ordered, 0, 10) == ordered[0]
    assert quantile(ordered, 10, 10) == ordered[-1]


@given(VALUES)
@settings(max_examples=50, deadline=None)
def test_the_order_of_values_changes_nothing(values: list[int]) -> None:
    assert mean(values) == mean(values[::-1])


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=500)), st.sampled_from(STEPS), ZONES)
@settings(max_examples=100, deadline=None)
def test_buckets_cover_a_period_without_gap_or_overlap(
    start: datetime, length: timedelta, step: str, zone: str
) -> None:
    with timezone.override(ZoneInfo(zone)):
        period = Period(start, start + length)
        cut = buckets(period, step)
        if not length:
            assert cut == []
            return
        assert cut[0].period.start == period.start
        assert cut[-1].period.end == period.end
        assert all(one.period.end == other.period.start for one, other in pairwise(cut))
        assert len({bucket.key for bucket in cut}) == len(cut)
        for bucket in cut[1:]:
            begins = bucket.period.start.astimezone(ZoneInfo(zone))
            if zone != "Pacific/Apia":  # which once skipped a whole day
                assert (begins.hour, begins.minute) == (0, 0)
            assert step != "month" or begins.day == 1
            assert step != "week" or begins.weekday() == 0


def test_weeks_have_their_iso_number_and_a_month_its_name() -> None:
    period = Period(datetime(2026, 12, 27, 16, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC))
    assert [bucket.key for bucket in buckets(period, "week")] == ["2026-W53", "2027-W01"]
    assert [str(bucket.title) for bucket in buckets(period, "month")] == ["Dec 2026", "Jan 2027"]
    assert str(buckets(period, "day")[0].title) == "28 Dec"


def test_a_day_begins_where_the_reader_is() -> None:
    assert moment_named("2026-03-01") == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert moment_named("2026-03-01T00:00:00Z") == datetime(2026, 3, 1, tzinfo=UTC)
    assert moment_named("2026-03-01T08:00") == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "01/02/2026", "9999-99-99", "0001-01-01"])
def test_what_is_no_date_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(PeriodUnclear, match=r"is no date; write it as 2026-01-31"):
        moment_named(text)


def test_a_period_that_ends_before_it_starts_and_one_of_too_many_days_are_refused() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(PeriodUnclear, match="Exchange the two dates"):
        period_named(start, start - timedelta(days=1))
    with pytest.raises(PeriodUnclear, match="Choose a shorter period or longer steps"):
        buckets(Period(start, start + timedelta(days=3000)), "day")
