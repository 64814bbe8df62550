from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.ui import clocks
from gnomon.ui.show import initials, show
from gnomon.ui.values import LongText, Priority, Ref, Share, Status, Tag, TimeLeft, Verdict, Who

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>'
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "value",
    [
        HOSTILE,
        LongText(HOSTILE),
        LongText(f"see https://example.org/{HOSTILE}"),
        Status(HOSTILE, HOSTILE),
        Priority(1, HOSTILE),
        Who(HOSTILE, HOSTILE, HOSTILE),
        Ref(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        Tag(HOSTILE, "warn", HOSTILE, HOSTILE),
        TimeLeft("running", HOUR, 0.5, title=HOSTILE),
        Verdict(HOSTILE, HOSTILE),  # type: ignore[arg-type]
        [HOSTILE, (HOSTILE,)],
    ],
)
def test_nothing_that_people_typed_becomes_markup(value: Any) -> None:
    assert "<script" not in show(value)
    assert '"">' not in show(value)


@given(st.text(max_size=200))
def test_long_texts_never_open_a_tag_of_their_own(text: str) -> None:
    shown = show(LongText(text))
    assert {part.split(">")[0].split()[0].strip("/") for part in shown.split("<")[1:]} <= {"div", "br", "a", "span"}


def test_only_web_and_mail_addresses_become_links() -> None:
    shown = show(LongText("javascript:alert(1) https://example.org data:text/html,x"))
    assert shown.count("<a ") == 1
    assert 'href="https://example.org"' in shown


def test_a_status_has_a_word_and_a_sign_beside_its_colour() -> None:
    shown = show(Status("Waiting", "waiting"))
    assert "phase-waiting" in shown
    assert "#player-pause" in shown
    assert "Waiting" in shown


def test_nothing_said_is_a_dash_and_no_is_a_word() -> None:
    assert "–" in show(None)
    assert "–" in show("")
    assert "–" in show([])
    assert "no" in show(False)
    assert ">0<" in show(0)


def test_shares_tell_what_they_come_from() -> None:
    # 15,803 of 24,918 is 63.42 %
    shown = show(Share(15803 / 24918, 15803, 24918))
    assert "63.42&nbsp;%" in shown
    assert "15,803 of 24,918" in shown
    assert "–" in show(Share(None))


def test_days_and_lengths() -> None:
    assert 'datetime="2026-05-14"' in show(date(2026, 5, 14))
    assert "1 d 4 h" in show(timedelta(days=1, hours=4))


@pytest.mark.parametrize(
    ("name", "two"), [("Alice Chen", "AC"), ("王晓明", "晓明"), ("bob", "BO"), ("Anna Maria Berg", "AB"), ("", "?")]
)
def test_initials(name: str, two: str) -> None:
    assert initials(name) == two


@pytest.mark.parametrize(
    ("clock", "words", "tone"),
    [
        (TimeLeft("running", 2 * HOUR + timedelta(minutes=10), 0.4), "2 h 10 min left", "calm"),
        (TimeLeft("running", HOUR, 0.75), "1 h left", "near"),
        (TimeLeft("running", HOUR, 0.9), "1 h left", "next"),
        (TimeLeft("running", -3 * HOUR, 1.4), "over by 3 h", "late"),
        (TimeLeft("paused", HOUR, 0.5), "paused, 1 h left", "rest"),
        (TimeLeft("paused", -HOUR, 1.5), "paused, over by 1 h", "late"),
        (TimeLeft("paused"), "paused", "rest"),
        (TimeLeft("met", HOUR, 0.5), "met, 1 h to spare", "done"),
        (TimeLeft("missed", -HOUR, 1.5), "missed by 1 h", "late"),
        (TimeLeft("none"), "no target", "idle"),
        (TimeLeft("cancelled"), "cancelled", "idle"),
    ],
)
def test_a_clock_says_where_it_stands(clock: TimeLeft, words: str, tone: str) -> None:
    assert clocks.words(clock) == words
    assert clocks.tone(clock) == tone
    # Words, or for what is done with, the title of its single word.
    assert words in clocks.chip(clock, NOON)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=74, minutes=15), "74 h"),
        (timedelta(hours=9, minutes=59, seconds=59), "9 h 59 min"),
        (timedelta(minutes=12, seconds=5), "12 min"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(0), "0 s"),
    ],
)
def test_a_clock_is_as_exact_as_it_matters(length: timedelta, words: str) -> None:
    assert clocks.span(length) == words


def test_the_page_counts_on_only_while_working_time_passes() -> None:
    assert 'data-left="7800"' in clocks.chip(TimeLeft("running", timedelta(seconds=7800), 0.4, ticks=True), NOON)
    assert "data-left" not in clocks.chip(TimeLeft("running", HOUR, 0.4), NOON)
    assert "data-left" not in clocks.chip(TimeLeft("paused", HOUR, 0.4, ticks=True), NOON)


@given(st.floats(-10, 10))
def test_the_shadow_stays_on_its_scale(share: float) -> None:
    length = float(clocks.shadow(share, "calm").split('class="gone"')[1].split('width="')[1].split('"')[0])
    assert 0 <= length <= 100
