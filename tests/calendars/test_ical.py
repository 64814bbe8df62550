"""iCalendar feeds as they come: folded, in GBK, with make-up workdays, repeated and broken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.feed_lines import folded, lines_of
from gnomon.calendars.hours import hours
from gnomon.calendars.ical import Feed, is_workday, read_feed, write_feed
from gnomon.calendars.refusals import FeedRefused

OFFICE = Calendar((*(hours("09:00-18:00"),) * 5, (), ()), "Asia/Shanghai", name="办公时间, 北京; desk")
NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)


def a_feed(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{body}END:VCALENDAR\n".encode()


def read(*events: str, through: int | None = None) -> Feed:
    return read_feed(a_feed(*events), time_zone="Asia/Shanghai", through=through)


NEW_YEAR = "SUMMARY:元旦（休）\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260104"
MADE_UP = "SUMMARY:元旦 补班\nDTSTART;VALUE=DATE:20260104"


def test_days_off_end_the_day_before_their_end_and_make_up_days_are_open() -> None:
    feed = read(NEW_YEAR, MADE_UP)
    assert feed.closed == {date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}
    assert feed.open == {date(2026, 1, 4): None}
    assert feed.names[date(2026, 1, 2)] == "元旦（休）"

    calendar = OFFICE.with_dates(closed=feed.closed, open=feed.open)
    assert calendar.hours_on(date(2026, 1, 4)) == hours("09:00-18:00")


@pytest.mark.parametrize(
    "order", [(NEW_YEAR.replace("0104", "0105"), MADE_UP), (MADE_UP, NEW_YEAR.replace("0104", "0105"))]
)
def test_open_wins_over_closed_in_either_order(order: tuple[str, str]) -> None:
    feed = read(*order)
    assert date(2026, 1, 4) not in feed.closed
    assert feed.open == {date(2026, 1, 4): None}
    assert feed.names[date(2026, 1, 4)] == "元旦 补班"


@pytest.mark.parametrize(
    ("summary", "workday"),
    [
        ("元旦 补班", True), ("国庆节调休上班", True), ("上班(补元旦假期)", True), ("春节（班）", True), ("[班] 春节", True),
        ("工作日", True), ("Workday", True), ("Make-up work day for Spring Festival", True), ("Makeup day", True),
        ("Adjusted Working Day", True), ("元旦（休）", False), ("休息日（由 2026-01-04 调休）", False), ("春节", False),
        ("非工作日", False), ("清明节,不上班", False), ("劳动节,无需补班", False), ("Non-working day", False),
        ("Nonworking day", False), ("International Workers' Day", False), ("Labour Day", False), ("", False),
    ],
)  # fmt: skip
def test_the_title_tells_workdays_from_days_off(summary: str, workday: bool) -> None:
    assert is_workday(summary) is workday


def test_a_description_that_mentions_make_up_work_does_not_open_a_holiday() -> None:
    feed = read("SUMMARY:元旦\nDESCRIPTION:1月4日补班\nDTSTART;VALUE=DATE:20260101")
    assert feed.closed == {date(2026, 1, 1)}
    assert feed.open == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_encodings_and_line_breaks_of_all_sorts_are_read(encoding: str, line_break: str) -> None:
    raw = a_feed(NEW_YEAR, MADE_UP).decode().replace("\n", line_break).encode(encoding)
    feed = read_feed(raw, time_zone="Asia/Shanghai")
    assert len(feed.closed) == 3
    assert feed.open == {date(2026, 1, 4): None}


def test_lines_are_unfolded_even_within_a_character() -> None:
    raw = a_feed(MADE_UP)
    cut = raw.index("补".encode()) + 1
    feed = read_feed(raw[:cut] + b"\r\n " + raw[cut:], time_zone="Asia/Shanghai")
    assert feed.open == {date(2026, 1, 4): None}
    assert read_feed(a_feed("SUM\n MARY:补\n\t班\nDTSTART:\n 20260104"), time_zone="UTC").open


def test_parameters_quoted_text_and_alarms_are_passed_over() -> None:
    feed = read(
        'SUMMARY;LANGUAGE=zh_CN;X-NOTE="a:b;c":补班\\, 一天\nX-APPLE-UNIVERSAL-ID:1\n'
        "BEGIN:VALARM\nSUMMARY:休\nDTSTART:garbage\nEND:VALARM\nDTSTART;VALUE=DATE:20260104"
    )
    assert feed.names == {date(2026, 1, 4): "补班, 一天"}


def test_hours_of_a_make_up_day_are_kept_in_local_time() -> None:
    feed = read(
        "SUMMARY:补班\nDTSTART:20260104T010000Z\nDTEND:20260104T040000Z",  # 09:00–12:00 in Shanghai
        "SUMMARY:补班\nDTSTART;TZID=China Standard Time:20260104T130000\nDURATION:PT4H30M",
        "SUMMARY:补班\nDTSTART;VALUE=DATE:20260104",
        "SUMMARY:补班\nDTSTART;TZID=Europe/Berlin:20260110T160000\nDTEND:20260110T180000Z",  # 23:00 to 02:00
    )
    assert feed.open == {
        date(2026, 1, 4): hours("09:00-12:00", "13:00-17:30"),
        date(2026, 1, 10): hours("23:00-24:00"),
        date(2026, 1, 11): hours("00:00-02:00"),
    }


def test_what_says_nothing_of_whole_days_is_left_out_and_told() -> None:
    feed = read(
        "SUMMARY:Half a day off\nDTSTART:20260216T130000\nDTEND:20260216T180000",
        "SUMMARY:Called off\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20260217",
        "SUMMARY:A reminder\nDTSTART:20260218T130000",
        "SUMMARY:Closed from noon to noon\nDTSTART:20260220T120000\nDTEND:20260222T120000",
    )
    assert feed.closed == {date(2026, 2, 21)}  # only the whole day
    assert [str(left) for left in feed.ignored] == [
        "Line 3: Half a day off closes only a part of a day, so it was left out.",
        "Line 8: Called off is cancelled, so it was left out.",
        "Line 13: A reminder lasts no time, so it was left out.",
        "Line 17: Closed from noon to noon closes only a part of a day, so it was left out.",
        "Line 17: Closed from noon to noon closes only a part of a day, so it was left out.",
    ]


def test_a_date_that_returns_every_year_is_read_through_the_year_asked_for() -> None:
    founding = "SUMMARY:Founding day\nDTSTART;VALUE=DATE:20240612\nRRULE:FREQ=YEARLY"
    assert read(founding, through=2026).closed == {date(year, 6, 12) for year in (2024, 2025, 2026)}
    spelt_out = founding + ";BYMONTH=6;BYMONTHDAY=12;INTERVAL=2;COUNT=2\nEXDATE;VALUE=DATE:20240612"
    assert read(spelt_out).closed == {date(2026, 6, 12)}
    assert read(founding + ";UNTIL=20250612").closed == {date(2024, 6, 12), date(2025, 6, 12)}
    leap = founding.replace("20240612", "20240229")
    assert read(leap, through=2030).closed == {date(2024, 2, 29), date(2028, 2, 29)}


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"", 1, "no iCalendar feed"),
        (b"<html>\n", 1, "no iCalendar line"),
        (b"SUMMARY:x\n", 1, "no iCalendar feed"),
        (b"BEGIN:VCARD\nEND:VCARD\n", 1, "no iCalendar feed"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0\n", 2, "breaks off after line 2: VCALENDAR"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 3, "ends VCALENDAR where VEVENT is open"),
        (b"BEGIN:VCALENDAR\nX\xff\xff:1\nEND:VCALENDAR\n", 2, "neither UTF-8 nor GBK"),
        (b"\xff\xfeB", 1, "not; save it as UTF-8"),
        (a_feed("SUMMARY:x"), 3, "no start"),
        (a_feed("DTSTART:2026-01-04"), 4, "no date of an event"),
        (a_feed("DTSTART;VALUE=DATE:20260230"), 4, "no date of an event"),
        (a_feed("DTSTART;VALUE=DATE:00010101"), 4, "no date of an event"),
        (a_feed("DTSTART:20260104\nDTSTART:20260105"), 5, "a second DTSTART"),
        (a_feed("DTSTART:20260104\nDTEND:20260103"), 5, "ends before it starts"),
        (a_feed("DTSTART:20260104\nDTEND:20260104T120000"), 5, "not of the same kind"),
        (a_feed("DTSTART:20260104\nDURATION:PT5H"), 5, "within a day"),
        (a_feed("DTSTART:20260104\nDURATION:P"), 5, "no duration"),
        (a_feed("DTSTART:20260104\nDTEND:20271231"), 5, "more than a year"),
        (a_feed("DTSTART;TZID=Mars/Base:20260104T090000"), 4, "time zone 'Mars/Base' is not known"),
        (a_feed("DTSTART:20260104\nRRULE:FREQ=YEARLY"), 5, "through which year"),
        (a_feed("DTSTART:20260104\nRRULE:FREQ=WEEKLY;COUNT=3"), 5, "is not understood"),
        (a_feed("DTSTART:20260104\nRRULE:FREQ=YEARLY;BYDAY=1SU;COUNT=3"), 5, "is not understood"),
        (a_feed("DTSTART:20260104\nRRULE:FREQ=YEARLY;BYMONTH=2;COUNT=3"), 5, "is not understood"),
        (a_feed("DTSTART:20260104\nRDATE:20260105"), 5, "extra dates"),
        (a_feed("DTSTART:20260104\nRECURRENCE-ID:20260105"), 5, "a change to one repetition"),
    ],
)
def test_every_fault_of_a_feed_is_a_sentence_with_its_line(raw: bytes, line: int, says: str) -> None:
    with pytest.raises(FeedRefused) as refusal:
        read_feed(raw, time_zone="Asia/Shanghai")
    assert says in str(refusal.value)
    assert refusal.value.line == line
    assert str(refusal.value).endswith(".")
    assert refusal.value.template % refusal.value.facts == str(refusal.value)


days = st.dates(date(2001, 1, 1), date(2150, 12, 31))
opened = st.dictionaries(days, st.sampled_from([None, hours("09:00-12:00", "13:00-24:00"), hours("00:00-08:30")]))


@settings(max_examples=40, deadline=None)
@given(st.frozensets(days), opened)
def test_what_is_written_is_read_back(closed: frozenset[date], opened: dict[date, None]) -> None:
    calendar = OFFICE.with_dates(closed=closed, open=opened)
    written = write_feed(calendar, at=NOON)
    feed = read_feed(written, time_zone="Asia/Shanghai")
    assert OFFICE.with_dates(closed=feed.closed, open=feed.open) == calendar
    assert feed.ignored == []
    assert written == write_feed(calendar, at=NOON)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_long_lines_are_folded_at_75_octets_and_unfold_to_themselves(value: str) -> None:
    raw = folded("SUMMARY", value)
    assert all(len(row) <= 75 for row in raw.split(b"\r\n"))
    [line] = lines_of(raw)
    assert (line.name, line.value) == ("SUMMARY", value)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(noise: bytes) -> None:
    for raw in (noise, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:" + noise + b"\nEND:VEVENT\nEND:VCALENDAR"):
        try:
            read_feed(raw, time_zone="UTC")
        except FeedRefused as refusal:
            assert str(refusal).endswith(".")
