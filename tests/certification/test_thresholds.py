"""Thresholds say how much must hold, and nothing that they do not say is accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.certification.catalogue import catalogue
from gnomon.certification.thresholds import (
    Sort,
    Tally,
    Term,
    ThresholdUnreadable,
    met,
    parse,
    share_of,
    with_share,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("100%", (Term(Sort.SHARE, Fraction(1)),)),
        ("≥98%", (Term(Sort.SHARE, Fraction(98, 100)),)),
        ("≥99.5%", (Term(Sort.SHARE, Fraction(995, 1000)),)),
        ("≥4", (Term(Sort.COUNT, Fraction(4)),)),
        ("exactly 1", (Term(Sort.EXACTLY, Fraction(1)),)),
        ("0", (Term(Sort.NONE, Fraction(0)),)),
        ("≥1 each and 100%", (Term(Sort.EACH, Fraction(1)), Term(Sort.SHARE, Fraction(1)))),
    ],
)
def test_each_form_of_the_grammar_is_read(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == terms


@pytest.mark.parametrize("text", ["", "most", "98%", "≥101%", "≥-1", "1", "≥1 each and", "> 5", "≥１"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ThresholdUnreadable, match="is not a threshold; say 100%"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "seen", "failed", "holds"),
    [
        # 98 of 100 is exactly 98 %; 97 is less, and 979 of 1000 is 97.9 %
        ("≥98%", 100, 2, True),
        ("≥98%", 100, 3, False),
        ("≥98%", 1000, 21, False),
        ("100%", 3, 0, True),
        ("100%", 3, 1, False),
        ("≥4", 5, 1, True),
        ("≥4", 5, 2, False),
        ("exactly 1", 2, 1, True),
        ("exactly 1", 2, 0, False),
        ("0", 7, 0, True),
        ("0", 7, 1, False),
        ("≥1 and 100%", 1, 0, True),
        ("≥1 and 100%", 2, 1, False),
    ],
)
def test_a_threshold_counts_what_did_not_fail(text: str, seen: int, failed: int, holds: bool) -> None:
    assert met(parse(text), Tally(seen, failed)) is holds


def test_each_group_must_reach_the_number() -> None:
    assert met(parse("≥1 each"), Tally(3, 0, {"sms": 1, "service": 2}))
    assert not met(parse("≥1 each"), Tally(3, 0, {"sms": 0, "service": 3}))


@pytest.mark.parametrize("groups", [None, {}])
def test_a_check_that_names_no_groups_cannot_answer_for_each(groups: dict[str, int] | None) -> None:
    with pytest.raises(ThresholdUnreadable, match="named no groups"):
        met(parse("≥1 each"), Tally(3, 0, groups))


def test_only_a_share_below_all_can_be_set_by_the_organization() -> None:
    assert with_share("≥98%", 95) == "≥95%"
    assert with_share("≥1 and ≥80%", 82.5) == "≥1 and ≥82.5%"
    assert share_of("100%") is None
    with pytest.raises(ThresholdUnreadable, match="demands no share"):
        with_share("100%", 90)


@settings(max_examples=100)
@given(
    text=st.sampled_from(sorted({rule.threshold for rule in catalogue().rules.values()} - {"exactly 1"})),
    seen=st.integers(1, 500),
    failed=st.integers(0, 499),
    groups=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 3), min_size=1),
)
def test_one_more_failure_never_meets_what_was_missed(
    text: str, seen: int, failed: int, groups: dict[str, int]
) -> None:
    failed = min(failed, seen - 1)
    if met(parse(text), Tally(seen, failed + 1, groups)):
        assert met(parse(text), Tally(seen, failed, groups))
