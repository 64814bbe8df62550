"""Business time by property: the calendar agrees with somebody who looks at the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.calendars.calendar import ALWAYS, Calendar
from gnomon.calendars.columns import WORTH_IT
from gnomon.calendars.hours import ALL_DAY, Hours
from gnomon.calendars.instants import milliseconds, moment_at
from gnomon.calendars.refusals import NeverOpens
from gnomon.standard.periods import Period

# Lord Howe moves its clocks by half an hour; Troll by two; Dublin calls winter its daylight saving.
ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll",
         "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu")  # fmt: skip
MINUTE = 60
CHANGES = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2011-12-30")
AROUND = (datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 4, 8, tzinfo=UTC))
few = settings(max_examples=60, deadline=None)


@st.composite
def day_hours(draw: st.DrawFn) -> Hours:
    marks = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple((a * MINUTE, b * MINUTE) for a, b in zip(marks[::2], marks[1::2], strict=False))


@st.composite
def a_day(draw: st.DrawFn) -> date:
    """A day near a clock change more often than not."""
    return date.fromisoformat(draw(st.sampled_from(CHANGES))) + timedelta(days=draw(st.integers(-3, 3)))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = tuple(draw(st.one_of(st.just(ALL_DAY), st.just(()), day_hours())) for _ in range(7))
    opened = draw(st.dictionaries(a_day(), st.one_of(st.none(), day_hours().filter(bool)), max_size=3))
    if not any(week):
        opened = {day: own for day, own in opened.items() if own is not None}
    closed = draw(st.frozensets(a_day(), max_size=4)) - opened.keys()
    return Calendar(week, draw(st.sampled_from(ZONES)), closed, tuple(opened.items()))  # type: ignore[arg-type]


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    midnight = datetime.combine(draw(a_day()), datetime.min.time(), UTC)
    return midnight + timedelta(milliseconds=draw(st.integers(0, 86_400_000)))


lengths = st.integers(0, 400_000)


def stands_open(calendar: Calendar, moment: datetime) -> bool:
    """The oracle: what the wall clock shows, against that date's hours, read from the fields alone."""
    wall = moment.astimezone(ZoneInfo(calendar.time_zone))
    shown = wall.hour * 3600 + wall.minute * 60 + wall.second
    opened = dict(calendar.open)
    normal = next((day for day in calendar.week if day), ())
    if wall.date() in opened:
        hours = opened[wall.date()] or normal
    else:
        hours = () if wall.date() in calendar.closed else calendar.week[wall.weekday()]
    return any(start <= shown < end for start, end in hours)


def to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@few
@given(calendars(), moments(), st.integers(0, 2000))
def test_it_counts_the_minutes_in_which_the_wall_clock_shows_open_hours(
    calendar: Calendar, moment: datetime, minutes: int
) -> None:
    start = to_minute(moment)
    open_minutes = [at for m in range(minutes) if stands_open(calendar, at := start + timedelta(minutes=m))]

    assert calendar.between(start, start + timedelta(minutes=minutes)) == len(open_minutes) * MINUTE
    for at in open_minutes[:3]:
        assert calendar.is_open(at)
    if open_minutes:
        assert calendar.next_opening(start) == open_minutes[0]
        assert calendar.add(start, len(open_minutes) * MINUTE) == open_minutes[-1] + timedelta(minutes=1)


@few
@given(calendars(), moments())
def test_it_is_open_exactly_when_the_wall_clock_shows_open_hours(calendar: Calendar, moment: datetime) -> None:
    assert calendar.is_open(moment) == stands_open(calendar, moment)


@few
@given(calendars(), moments(), lengths)
def test_the_added_time_lies_between(calendar: Calendar, start: datetime, seconds: int) -> None:
    try:
        end = calendar.add(start, seconds)
    except NeverOpens:
        assert not any(calendar.week) and seconds > 0
        return
    assert end >= start
    assert calendar.between(start, end) == seconds
    if seconds:  # and it is the first such moment
        assert calendar.between(start, end - timedelta(milliseconds=1)) == seconds - 1
    else:
        assert end == start


@few
@given(calendars(), moments(), moments())
def test_adding_what_lies_between_comes_no_later_and_loses_nothing(
    calendar: Calendar, a: datetime, b: datetime
) -> None:
    a, b = min(a, b), max(a, b)
    reached = calendar.add(a, calendar.between(a, b))
    assert reached <= b
    assert calendar.between(reached, b) == 0


@few
@given(calendars(), moments(), moments(), moments())
def test_lengths_add_up_in_any_order(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)


@few
@given(calendars(), moments(), moments(), lengths, lengths)
def test_later_and_longer_never_end_earlier(
    calendar: Calendar, a: datetime, b: datetime, short: int, long: int
) -> None:
    a, b, short, long = min(a, b), max(a, b), min(short, long), max(short, long)
    try:
        last = calendar.add(b, long)
    except NeverOpens:
        return
    assert calendar.add(a, short) <= calendar.add(b, short) <= last
    assert calendar.add(a, short) <= calendar.add(a, long) <= last


@few
@given(calendars(), st.lists(st.tuples(moments(), moments()), max_size=20), lengths)
def test_in_bulk_it_is_the_same(calendar: Calendar, pairs: list[tuple[datetime, datetime]], seconds: int) -> None:
    starts, ends = [milliseconds(a) for a, _ in pairs], [milliseconds(b) for _, b in pairs]
    assert calendar.between_many(starts, ends) == [calendar.between(a, b) for a, b in pairs]
    if any(calendar.week):
        assert calendar.add_many(starts, seconds) == [milliseconds(calendar.add(a, seconds)) for a, _ in pairs]


@few
@given(calendars(), st.lists(st.tuples(moments(), moments()), max_size=20))
def test_by_columns_it_is_the_same(calendar: Calendar, pairs: list[tuple[datetime, datetime]]) -> None:
    """Edges too: points of the layout themselves, and a millisecond beside them."""
    numpy = pytest.importorskip("numpy", reason="columns need numpy, of the extra “lake”")
    edges = [at for period in calendar.intervals(Period(*AROUND)) for at in (period.start, period.end)][:40]
    near = [milliseconds(at) + off for at in edges for off in (-1, 0, 1)]
    starts = [milliseconds(a) for a, _ in pairs] + near
    ends = [milliseconds(b) for _, b in pairs] + near[::-1]
    wanted = [calendar.between(moment_at(a), moment_at(b)) for a, b in zip(starts, ends, strict=True)]
    assert calendar.between_columns(numpy.array(starts, int), numpy.array(ends, int)).tolist() == wanted
    times = WORTH_IT // max(1, len(starts)) + 1
    assert calendar.between_many(starts * times, ends * times) == wanted * times


@few
@given(calendars(), moments(), moments())
def test_the_intervals_of_a_period_hold_all_its_open_time(calendar: Calendar, a: datetime, b: datetime) -> None:
    period = Period(min(a, b), max(a, b))
    found = calendar.intervals(period)

    edges = [edge for interval in found for edge in (interval.start, interval.end)]
    assert edges == sorted(set(edges))  # in order, apart and none empty
    assert all(period.start <= edge <= period.end for edge in edges)
    assert sum(calendar.between(i.start, i.end) for i in found) == calendar.between(period.start, period.end)
    assert all(calendar.is_open(interval.start) for interval in found)
    assert not any(calendar.is_open(interval.end) for interval in found if interval.end < period.end)


@few
@given(calendars(), moments())
def test_an_opening_lasts_until_it_closes(calendar: Calendar, moment: datetime) -> None:
    try:
        opening = calendar.next_opening(moment)
    except NeverOpens:
        assert not any(calendar.week)
        return
    closing = calendar.next_closing(moment)
    assert calendar.is_open(opening)
    if closing is not None:
        assert not calendar.is_open(closing)
        # All of it is open. Both ends are whole seconds unless the moment itself is the opening.
        assert calendar.between(opening, closing) == int(closing.timestamp()) - int(opening.timestamp() // 1)
    else:
        assert all(day == ALL_DAY for day in calendar.week)


@few
@given(calendars())
def test_a_definition_gives_the_same_calendar_back(calendar: Calendar) -> None:
    assert Calendar.from_definition(calendar.definition()) == calendar


@few
@given(moments(), moments(), lengths)
def test_a_calendar_that_never_closes_counts_time_itself(a: datetime, b: datetime, seconds: int) -> None:
    # The same hours with one far closed day, so that the general way is taken.
    general = Calendar(ALWAYS.week, "Europe/Berlin", frozenset({date(2001, 1, 1)}))
    assert ALWAYS.between(a, b) == general.between(a, b)
    assert ALWAYS.add(a, seconds) == general.add(a, seconds)
    assert ALWAYS.is_open(a) and ALWAYS.next_opening(a) == a and ALWAYS.next_closing(a) is None
    assert general.next_closing(a) is None


def test_the_order_of_questions_does_not_matter() -> None:
    shuffled = Calendar(((), ((0, 3600),), (), (), (), (), ()), "Europe/Berlin")
    years = [moment_at(0).replace(year=year) for year in (2026, 2019, 2030, 2026, 2010)]
    for a in years:
        for b in years:
            fresh = Calendar(shuffled.week, shuffled.time_zone)
            assert shuffled.between(a, b) == fresh.between(a, b)
            assert shuffled.add(a, 90_000) == fresh.add(a, 90_000)


@pytest.mark.parametrize("zone", ZONES)
def test_a_whole_year_of_whole_days_is_as_long_as_the_year(zone: str) -> None:
    # Clock changes skip and repeat hours; together the days still fill the year. One closed day makes it general.
    calendar = Calendar(ALWAYS.week, zone, frozenset({date(2026, 7, 1)}))
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert calendar.between(start, end) == (365 - 1) * 86_400
