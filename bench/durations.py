"""How many lengths of business time a second, each exact.

    ./run bench durations [--pairs 1000000] [--json]

Pairs of moments within a year, up to 30 days apart, to the minute; Monday to Friday 09:00 to 18:00 with twelve
holidays, as in the comparison with others. The answers are compared with somebody who walks through the days, and
so are those of China's calendar with make-up workdays and of one in New York, whose clocks change. Three ways:
columns of numpy, lists, and the plain loop where numpy is not there. The promise: four million a second by columns.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.hours import hours
from gnomon.calendars.instants import milliseconds, moment_at

PROMISE = 4_000_000
COMPARED = 3000
HOLIDAYS = frozenset(map(date.fromisoformat, (
    "2026-01-01", "2026-01-02", "2026-02-23", "2026-03-09", "2026-05-01", "2026-05-11", "2026-06-12", "2026-11-04",
    "2026-12-31", "2027-01-01", "2027-02-23", "2027-03-08",
)))  # fmt: skip
OFFICE = Calendar((hours("09:00-18:00"),) * 5 + ((), ()), closed=HOLIDAYS)
# Two stretches a day, a make-up Saturday and Sunday after the Spring Festival of 2026.
SHANGHAI = Calendar(
    (hours("09:00-12:00", "13:00-18:00"),) * 5 + ((), ()), "Asia/Shanghai",
    closed=frozenset(date(2026, 2, day) for day in range(15, 24)),
    open=((date(2026, 2, 14), None), (date(2026, 2, 28), None)),
)  # fmt: skip
NEW_YORK = Calendar((hours("00:00-24:00"),) * 7, "America/New_York", closed=HOLIDAYS)


def main() -> int:
    """Measure, print, and fail when the promise is not kept or an answer is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    from bench.import_servicenow import machine

    starts, ends = _pairs(asked.pairs)
    answer = {
        "benchmark": "durations", "machine": machine(), "pairs": asked.pairs,
        "per_second": _rates(starts, ends), "wrong": _wrong(starts[:COMPARED], ends[:COMPARED]), "of": 3 * COMPARED,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(answer, indent=2))
    else:
        for way, rate in answer["per_second"].items():
            print(f"{way:24}{rate:14,} a second of processor")
        print(f"{answer['wrong']} of {answer['of']} answers differ from walking through the days")
    return int(answer["wrong"] > 0 or answer["per_second"].get("columns", PROMISE) < PROMISE)


def _pairs(count: int) -> tuple[list[int], list[int]]:
    chance = random.Random(20000)  # noqa: S311 - drawn moments, not a secret
    first = milliseconds(datetime(2026, 1, 1, tzinfo=UTC))
    starts = [first + chance.randrange(365 * 1440) * 60_000 for _pair in range(count)]
    return starts, [start + chance.randrange(30 * 1440) * 60_000 for start in starts]


def _rates(starts: list[int], ends: list[int]) -> dict[str, int]:
    calendar = replace(OFFICE)
    with mock.patch("gnomon.calendars.openings.worth_columns", return_value=False):
        rates = {"plain loop": _rate(calendar.between_many, starts, ends)}
    try:
        import numpy as np
    except ImportError:
        print("numpy is not there (the extra “lake”), so that only the plain loop was measured.", file=sys.stderr)
        return rates
    rates["lists"] = _rate(calendar.between_many, starts, ends)
    rates["columns"] = _rate(calendar.between_columns, np.array(starts), np.array(ends))
    return rates


def _rate(between: Callable[[Any, Any], Any], starts: Any, ends: Any) -> int:
    """The best of five rounds; processor time, since others may be at work on the machine."""
    best = float("inf")
    for _round in range(5):
        began = time.process_time()
        between(starts, ends)
        best = min(best, time.process_time() - began)
    return round(len(starts) / best)


def _wrong(starts: list[int], ends: list[int]) -> int:
    return sum(
        _walked(calendar, moment_at(start), moment_at(end)) != found
        for calendar in (OFFICE, SHANGHAI, NEW_YORK)
        for start, end, found in zip(starts, ends, _many(calendar, starts, ends), strict=True)
    )


def _many(calendar: Calendar, starts: list[int], ends: list[int]) -> list[int]:
    """As often as it takes to be worth columns."""
    times = 2
    return calendar.between_many(starts * times, ends * times)[: len(starts)]


def _walked(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Day by day, by the clock on the wall, and with nothing of ours but the fields of the calendar."""
    zone, total = ZoneInfo(calendar.time_zone), 0
    opened = dict(calendar.open)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        own = calendar.week[0] if day in opened else () if day in calendar.closed else calendar.week[day.weekday()]
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time, the zone comes next
        for opens, closes in own:
            a = max(start, (midnight + timedelta(seconds=opens)).replace(tzinfo=zone).astimezone(UTC))
            b = min(end, (midnight + timedelta(seconds=closes)).replace(tzinfo=zone).astimezone(UTC))
            total += max(0, int((b - a).total_seconds()))
        day += timedelta(days=1)
    return total


if __name__ == "__main__":
    raise SystemExit(main())
