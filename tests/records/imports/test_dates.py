"""Moments and days as files write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.records.imports.dates import day_reader, milliseconds_reader, written
from gnomon.records.imports.refusals import MappingFault

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARIS = ZoneInfo("Europe/Paris")


def read(text: str, *patterns: str, zone: ZoneInfo = SHANGHAI) -> str | None:
    found = milliseconds_reader(patterns, zone)(text)
    return None if found is None else written(found)


def test_the_day_comes_first_when_the_pattern_says_so() -> None:
    # 29 February 2016, 01:16 in Shanghai, which is eight hours ahead
    assert read("29/2/2016 01:16", "%d/%m/%Y %H:%M") == "2016-02-28T17:16:00.000Z"


def test_patterns_are_tried_in_order() -> None:
    assert (
        read("2/3/2016 00:00", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", zone=ZoneInfo("UTC")) == "2016-03-02T00:00:00.000Z"
    )
    assert (
        read("3/29/2016 00:00", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", zone=ZoneInfo("UTC")) == "2016-03-29T00:00:00.000Z"
    )


@pytest.mark.parametrize(
    ("text", "pattern", "moment"),
    [
        ("2026-01-05T09:00:00+08:00", "iso", "2026-01-05T01:00:00.000Z"),
        ("2026-01-05T09:00:00.123456789Z", "iso", "2026-01-05T09:00:00.123Z"),
        ("2026-01-05 09:00", "iso", "2026-01-05T01:00:00.000Z"),
        ("1767574800", "epoch", "2026-01-05T01:00:00.000Z"),
        ("1767574800.5", "epoch", "2026-01-05T01:00:00.500Z"),
        ("1767574800000", "epoch_ms", "2026-01-05T01:00:00.000Z"),
        ("11/May/24 03:26 PM", "%d/%b/%y %I:%M %p", "2024-05-11T07:26:00.000Z"),
        ("05.01.2026 09:00:30", "%d.%m.%Y %H:%M:%S", "2026-01-05T01:00:30.000Z"),
    ],
)
def test_forms_of_other_systems_are_read(text: str, pattern: str, moment: str) -> None:
    assert read(text, pattern) == moment


@pytest.mark.parametrize("text", ["30/2/2016 01:16", "29/2/2016", "29/2/2016 25:00", "soon", "", "२९/2/2016 01:16"])
def test_what_is_no_such_date_is_not_guessed(text: str) -> None:
    assert read(text, "%d/%m/%Y %H:%M", "iso") is None


def test_summer_time_is_that_of_the_place() -> None:
    # Paris is one hour ahead in March, two after the 27th of March 2016
    assert read("26/3/2016 12:00", "%d/%m/%Y %H:%M", zone=PARIS) == "2016-03-26T11:00:00.000Z"
    assert read("28/3/2016 12:00", "%d/%m/%Y %H:%M", zone=PARIS) == "2016-03-28T10:00:00.000Z"


@pytest.mark.parametrize("pattern", ["day first", "%d/%Q/%Y", "%"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(MappingFault, match="is no date format"):
        milliseconds_reader((pattern,), SHANGHAI)("1")


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_what_is_written_by_a_pattern_is_read_by_it(moment: datetime) -> None:
    second = moment.replace(microsecond=0)
    for pattern in ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y %I:%M:%S %p", "iso"):
        text = second.isoformat() if pattern == "iso" else second.strftime(pattern)
        assert milliseconds_reader((pattern,), ZoneInfo("UTC"))(text) == second.timestamp() * 1000


def test_a_day_is_the_day_at_the_place() -> None:
    read_day = day_reader(("iso", "%d/%m/%Y"), SHANGHAI)

    assert read_day("5/1/2026") == date(2026, 1, 5)
    assert read_day("2026-01-04T20:00:00Z") == date(2026, 1, 5)  # 04:00 on the 5th in Shanghai
