"""Lists of numbers come back exactly, and the digest tells populations apart."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.certification.numbers import digest, pack, unpack

numbers = st.one_of(
    st.builds("{}-{:06d}".format, st.sampled_from(["INC", "CHG", "8.6", ""]), st.integers(0, 2_000_000)),
    st.text(max_size=12),
    st.sampled_from(["8.6.1", "SLA-000001/respond", "００1", "00012345678901234567890", "7|8-01"]),
)


@settings(max_examples=200)
@given(st.lists(numbers))
def test_what_is_packed_comes_back_sorted_and_once(given_numbers: list[str]) -> None:
    assert unpack(pack(given_numbers)) == sorted(set(given_numbers))


def test_an_empty_field_is_an_empty_list() -> None:
    assert unpack(b"") == []


def test_a_whole_year_of_incidents_takes_the_room_of_one_stretch() -> None:
    year = [f"INC-{counter:06d}" for counter in range(1, 24_919)]
    assert len(pack(year)) < 100


def test_the_digest_is_sha256_of_the_sorted_numbers_one_a_line() -> None:
    assert digest(["INC-000002", "INC-000001", "INC-000002"]) == (hashlib.sha256(b"INC-000001\nINC-000002").hexdigest())


@settings(max_examples=50)
@given(st.sets(numbers), st.sets(numbers))
def test_different_populations_have_different_digests(one: set[str], other: set[str]) -> None:
    if not any("\n" in number for number in one | other) and (one or {""}) != (other or {""}):
        assert (digest(one) == digest(other)) is (one == other)
