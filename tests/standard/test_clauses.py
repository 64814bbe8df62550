"""Clause numbers sort and nest as the standard's table of contents does."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.standard.clauses import clause_of, clause_order, is_within

IN_ORDER = [
    "4", "4.1", "5.3-c", "6.2.1", "8.1", "8.2", "8.2.6", "8.5", "8.5.1.3", "8.6", "8.6.1", "8.6.1-a1", "8.6.1-a2",
    "8.6.1-b", "8.6.2", "8.10", "9", "9.1", "9.1-a", "9.1-e", "10", "10.1", "10.2",
]  # fmt: skip


def test_they_sort_by_number_not_by_letter():
    shuffled = random.Random(8).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=clause_order) == IN_ORDER


@pytest.mark.parametrize(
    ("requirement", "clause"), [("8.6.1-b", "8.6.1"), ("8.6.1", "8.6.1"), ("10.1-a2", "10.1"), ("", "")]
)
def test_a_requirement_belongs_to_its_clause(requirement, clause):
    assert clause_of(requirement) == clause


@pytest.mark.parametrize(
    ("number", "clause", "within"),
    [
        ("8.6.1-b", "8.6.1", True), ("8.6.1-b", "8.6", True), ("8.6.1-b", "8", True), ("8.6", "8.6", True),
        ("8.10", "8.1", False), ("8.6", "8.6.1", False), ("10.1", "1", False), ("9.1", "9.1.1", False),
    ],
)  # fmt: skip
def test_what_stands_in_a_clause_or_below_it(number, clause, within):
    assert is_within(number, clause) is within


NUMBERS = st.lists(st.integers(1, 20), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@given(NUMBERS, NUMBERS)
def test_order_agrees_with_the_numbers_themselves(one, other):
    parts = [tuple(int(p) for p in number.split(".")) for number in (one, other)]
    assert (clause_order(one) < clause_order(other)) == (parts[0] < parts[1])
    assert is_within(one, other) == (parts[0][: len(parts[1])] == parts[1])


@given(NUMBERS, st.sampled_from(["", "-a", "-b2", "-z"]))
def test_a_requirement_is_within_every_clause_above_it(number, letter):
    parts = number.split(".")
    assert all(is_within(f"{number}{letter}", ".".join(parts[:n])) for n in range(1, len(parts) + 1))
