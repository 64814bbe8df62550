"""Words that differ by a typing error are near each other, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.records.search.near import distance, errors_forgiven, han_ways, is_learnt, keys_of, near_run, nearest

LETTERS = "abcde"


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("printer", "printer", 0), ("printer", "prnter", 1), ("printer", "pprinter", 1), ("printer", "printre", 1),
        ("printer", "prinder", 1), ("invitation", "invitatoin", 1), ("invitation", "invittoin", 2),
        ("mail", "mial", 1), ("mail", "liam", 3), ("mail", "trail", 2), ("", "ab", 2),
    ],
)  # fmt: skip
def test_how_many_errors_lie_between_words(one, other, errors):
    assert distance(one, other, 9) == errors
    assert distance(other, one, 9) == errors
    assert distance(one, other, 1) == min(errors, 2)


def damaged(word, chance):
    """The word with one typing error."""
    at, how = chance.draw(st.integers(0, len(word) - 1)), chance.draw(st.integers(0, 3))
    sign = chance.draw(st.sampled_from(LETTERS))
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[:at] + sign + word[at:]
    if how == 2:
        return word[:at] + sign + word[at + 1 :]
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


@given(word=st.text(LETTERS, min_size=5, max_size=20), chance=st.data())
def test_a_word_with_one_error_shares_a_key_with_the_right_one(word, chance):
    wrong = damaged(word, chance)
    if is_learnt(wrong):
        assert keys_of(word) & keys_of(wrong)
        assert nearest(wrong, [(word, 1)]) == ([word] if wrong != word else [])


@given(word=st.text(LETTERS, min_size=10, max_size=20), chance=st.data())
def test_a_long_word_with_two_errors_shares_a_key_with_the_right_one(word, chance):
    wrong = damaged(damaged(word, chance), chance)
    # two errors that touch may be three by the measure that is used, as a letter put between two changed about
    if errors_forgiven(wrong) == 2 and distance(word, wrong, 2) <= 2:
        assert keys_of(word) & keys_of(wrong)


@pytest.mark.parametrize("word", ["vpn", "打印机", "ab12", "x" * 25, "inc"])
def test_short_words_numbers_and_chinese_are_not_taken_for_mistyped(word):
    assert errors_forgiven(word) == 0


def test_the_nearest_comes_first_then_the_most_usual():
    assert nearest("printr", [("print", 50), ("prints", 5), ("printer", 2), ("sprint", 90)]) == [
        "print", "prints", "printer",
    ]  # fmt: skip
    assert nearest("printerr", [("sprinters", 900), ("printer", 1)]) == ["printer", "sprinters"]


@pytest.mark.parametrize(
    ("run", "texts", "better"),
    [
        ("打印几", ["打印机卡纸", "打印机坏"], "打印机"),  # one sign wrong
        ("打机卡纸", ["打印机卡纸"], "打印机卡纸"),  # one missing
        ("打印印机", ["打印机坏"], "打印机"),  # one too many
        ("印打机", ["打印机坏"], "打印机"),  # changed about
        ("打印几", ["打印店", "打印机", "打印机"], "打印机"),  # the more usual
        ("打印几", ["复印件", "printer"], ""),
    ],
)
def test_what_a_chinese_run_was_meant_to_be(run, texts, better):
    assert near_run(run, texts) == better


@given(st.text("打印机坏了无法连接", min_size=3, max_size=8))
def test_a_run_is_split_around_each_of_its_signs(run):
    for left, right in han_ways(run):
        assert len(left) + len(right) == len(run) - 1
        assert run.startswith(left)
        assert run.endswith(right)
