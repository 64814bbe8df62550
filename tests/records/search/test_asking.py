"""What a question is understood as; whatever is typed, something sensible is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.records.search.asking import Asked, Wish, Words, understand, without


def wish(typed, name, value, sign="", unwanted=False):
    return Wish(name, value, sign, unwanted, typed)


@pytest.mark.parametrize(
    ("typed", "words", "wishes"),
    [
        ("", (), ()),
        ("printer", (Words("printer"),), ()),
        ("printer 卡纸", (Words("printer"), Words("卡纸")), ()),
        ("打印机\u3000卡纸", (Words("打印机"), Words("卡纸")), ()),
        ('"out of paper"', (Words("out of paper", quoted=True),), ()),
        ("“没有 纸”x", (Words("没有 纸", quoted=True), Words("x")), ()),
        ("-toner", (Words("toner", unwanted=True),), ()),
        ('-"out of"', (Words("out of", quoted=True, unwanted=True),), ()),
        ("a-b", (Words("a-b"),), ()),
        ("a - b", (Words("a"), Words("b")), ()),
        ("team:network", (), (wish("team:network", "team", "network"),)),
        ("团队:网络 状态：打开", (), (wish("团队:网络", "团队", "网络"), wish("状态：打开", "状态", "打开"))),
        ('team:"Service desk" x', (Words("x"),), (wish('team:"Service desk"', "team", "Service desk"),)),
        ("-status:closed", (), (wish("-status:closed", "status", "closed", unwanted=True),)),
        ("opened:>2026-01-01", (), (wish("opened:>2026-01-01", "opened", "2026-01-01", ">"),)),
        ("opened:>=2026-01-01", (), (wish("opened:>=2026-01-01", "opened", "2026-01-01", ">="),)),
        ("due:≤2h", (), (wish("due:≤2h", "due", "2h", "<="),)),
        ("Status:Open", (), (wish("Status:Open", "status", "Open"),)),
        ("http://example.com/x", (Words("http://example.com/x"),), ()),
        ("server: down", (Words("server:"), Words("down")), ()),
        ("10:30", (Words("10:30"),), ()),
        ("a:", (Words("a:"),), ()),
        (":a", (Words(":a"),), ()),
        ('"', (), ()),
        ('say "hello', (Words("say"), Words("hello")), ()),
        ('""', (), ()),
        ("?? !!", (), ()),
        ("--x", (Words("-x", unwanted=True),), ()),
    ],
)
def test_a_question_is_understood_as(typed, words, wishes):
    assert understand(typed) == Asked(words, wishes)


SIGNS = st.characters(codec="utf-8") | st.sampled_from('":：-<>  “”「」団打印 ')


@given(st.text(SIGNS, max_size=60))
def test_nothing_that_can_be_typed_is_refused(typed):
    asked = understand(typed)
    for one in asked.wishes:
        assert one.name
        assert one.value
        assert one.typed in asked.typed
        assert len(understand(without(asked, one)).wishes) <= len(asked.wishes)


@given(st.lists(st.from_regex(r"[a-z打印机]{1,6}", fullmatch=True), max_size=8))
def test_plain_words_stand_for_themselves_in_their_order(words):
    assert [one.text for one in understand("  ".join(words)).words] == words


@given(st.text(min_size=500, max_size=2000))
def test_endless_questions_end(typed):
    asked = understand(typed)
    assert len(asked.words) + len(asked.wishes) <= 32
