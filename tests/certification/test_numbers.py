"""Sets of numbers come back exactly, join as sets do, and the digest tells populations apart."""

from __future__ import annotations

import hashlib
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.certification.numbers import NONE, Numbers, digest, is_chunk, line_digest, neighbours, references, unpack

numbers = st.one_of(
    st.builds("{}-{:06d}".format, st.sampled_from(["INC", "CHG", "8.6", ""]), st.integers(0, 2_000_000)),
    st.text(max_size=12),
    st.sampled_from(["8.6.1", "SLA-000001/respond", "００1", "00012345678901234567890", "7|8-01"]),
)


@settings(max_examples=200)
@given(st.lists(numbers))
def test_what_is_packed_comes_back_sorted_and_once(given_numbers: list[str]) -> None:
    chunks: dict[str, bytes] = {}
    packed = Numbers.of(given_numbers).pack(chunks)
    back = unpack(packed, chunks)
    assert list(back) == sorted(set(given_numbers))
    assert len(back) == len(set(given_numbers))
    assert references(packed) == chunks.keys()
    assert all(is_chunk(where, chunk) for where, chunk in chunks.items())


@settings(max_examples=100)
@given(st.sets(numbers), st.sets(numbers))
def test_they_join_as_sets_do(one: set[str], other: set[str]) -> None:
    mine, theirs = Numbers.of(one), Numbers.of(other)
    assert set(mine | theirs) == one | other
    assert set(mine & theirs) == one & other
    assert set(mine - theirs) == one - other
    assert all((number in mine) is (number in one) for number in one | other)
    assert bool(mine - theirs) is bool(one - other)


def test_an_empty_field_is_an_empty_set() -> None:
    assert unpack(b"", {}) == NONE == []


def test_a_whole_year_of_incidents_takes_little_room() -> None:
    chunks: dict[str, bytes] = {}
    year = Numbers.of(f"INC-{counter:06d}" for counter in range(1, 24_919))
    assert len(year.pack(chunks)) < 150
    assert not chunks


def test_a_half_of_a_million_drawn_by_chance_takes_a_bit_for_each_of_the_million() -> None:
    chance, chunks = random.Random(8), dict[str, bytes]()
    half = Numbers.of(f"INC-{counter:06d}" for counter in range(1_000_000) if chance.random() < 0.5)
    list_ = half.pack(chunks)
    # a million bits are 125,000 bytes; 31 chunks, each with some bytes of its own
    assert 125_000 <= sum(map(len, chunks.values())) < 127_000
    assert len(chunks) == 31
    assert len(list_) < 3_000


def test_the_digest_of_lines_is_sha256_of_the_sorted_numbers_one_a_line() -> None:
    lines = line_digest(["INC-000002", "INC-000001", "INC-000002"])
    assert lines == hashlib.sha256(b"INC-000001\nINC-000002").hexdigest()


@settings(max_examples=50)
@given(st.sets(numbers), st.sets(numbers))
def test_different_populations_have_different_digests(one: set[str], other: set[str]) -> None:
    if not any("\n" in number for number in one | other) and (one or {""}) != (other or {""}):
        assert (digest(one) == digest(other)) is (one == other)


@given(
    held=st.dictionaries(
        st.one_of(st.integers(0, 2_000_000).map("INC-{:06d}".format), st.sampled_from(["REQ-000001", "INC-x", "odd", "INC-1_0"])),
        st.sampled_from(["a", "b", None]), max_size=60,
    ),
    chosen=st.data(),
)  # fmt: skip
def test_a_set_is_divided_by_what_each_of_it_holds(held, chosen):
    among = set(chosen.draw(st.lists(st.sampled_from(sorted(held)), unique=True))) if held else set()
    counted = {number for number in among if number not in Numbers.of(among).others}
    wanted = {key: sorted(n for n in counted if held[n] == key) for key in held.values()}
    found = Numbers.of(among).divided(held.items())
    assert {key: list(part) for key, part in found.items()} == {key: some for key, some in wanted.items() if some}


@given(
    st.sets(st.integers(0, 3_000_000), max_size=60), st.integers(-5, 70), st.integers(-5, 70),
    st.sets(st.sampled_from(["REQ-000001", "SLA-000001/respond", "INC-0x", "INC-00", "INC-131072", "A", "Z-9"])),
)  # fmt: skip
def test_a_stretch_is_that_of_the_sorted_numbers(counters: set[int], start: int, stop: int, more: set[str]) -> None:
    # beyond 999999 the numbers have seven digits, and stand between those of six
    plain = [*{f"INC-{counter:06d}" for counter in counters} | more]
    assert Numbers.of(plain)[start:stop] == sorted(plain)[start:stop]
    assert Numbers.of(plain)[:stop] == sorted(plain)[:stop]
    with pytest.raises(TypeError):
        Numbers.of(plain)["digest"]  # type: ignore[call-overload]


@given(
    st.sets(st.one_of(st.integers(0, 80), st.integers(32_740, 32_800), st.integers(0, 3_000_000)), max_size=80),
    st.sets(st.sampled_from(["REQ-000001", "SLA-000001/respond", "INC-0x", "INC-00", "INC-0000013", "A", "A1", "A2"])),
)
def test_stretches_are_the_sorted_numbers_with_neighbours_together(counters: set[int], more: set[str]) -> None:
    plain = sorted({f"INC-{counter:06d}" for counter in counters} | more)
    told = list(Numbers.of(plain).stretches())
    assert [spelled for first, last, _count in told for spelled in spell(first, last)] == plain
    assert [len(spell(first, last)) for first, last, _count in told] == [count for _first, _last, count in told]
    # no stretch follows on from the one before it
    assert not [True for one, next in pairwise(told) if len(spell(one[1], next[0])) == 2]
    assert told == list(neighbours(plain))


def spell(first: str, last: str) -> list[str]:
    """From one number to another, where they are neighbours; both alone where they are not."""
    head, mine = first.rstrip("0123456789"), last.rstrip("0123456789")
    low, high = first[len(head) :], last[len(mine) :]
    if first == last or head != mine or len(low) != len(high) or int(high) < int(low):
        return [first] if first == last else [first, last, ""]
    return [f"{head}{each:0{len(low)}d}" for each in range(int(low), int(high) + 1)]
