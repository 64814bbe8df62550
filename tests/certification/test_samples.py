"""The draw itself: the same numbers from the same population and seed, with places worked out by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certification.conftest import incidents

from gnomon.certification import samples
from gnomon.certification.numbers import Numbers
from gnomon.certification.pack.verifier.sampled import draw_again
from gnomon.certification.samples import TooManyStrata, draw, draw_from_strata, places, suggested_size

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)


def test_the_lowest_ranks_are_drawn_and_shown_in_order() -> None:
    ranked = sorted(incidents(1, 9), key=lambda number: sha256(f"spring\n{number}".encode()).digest())
    assert draw(incidents(1, 9), "spring", 3) == sorted(ranked[:3])
    assert draw(Numbers.of(reversed(incidents(1, 9))), "spring", 3) == sorted(ranked[:3])


@given(st.sets(st.integers(1, 99_999), max_size=200), st.text(max_size=5), st.integers(0, 50))
def test_ours_and_the_verifiers_draw_alike(counters: set[int], seed: str, size: int) -> None:
    population = [f"INC-{counter:06d}" for counter in counters]
    assert draw(Numbers.of(population), seed, size) == draw(population, seed, size)
    assert draw(population, seed, size) == draw_again(population, seed, size)


@given(st.sets(st.integers(1, 400)), st.sets(st.integers(1, 400)), st.integers(0, 60))
def test_a_ranking_of_all_draws_from_each_what_it_draws_alone(some: set[int], more: set[int], size: int) -> None:
    one, other = (Numbers.of(f"INC-{counter:06d}" for counter in each) for each in (some, more))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(samples, "LOWEST", 20)
        ranking = samples.Ranking(one | other, "spring")
        for population in (one, other, one | other, one & other):
            assert ranking.draw(population, size) == draw(population, "spring", size)


def test_places_are_shared_by_proportion_with_one_for_each_stratum() -> None:
    # 10 of 100: the shares are 7, 2.5 and 0.5. Each gets 1; of the 7 places left the furthest below is always the
    # first until it has 6 (7-6 = 1.0 below, the second 2.5-1 = 1.5 below): the order is a×5 (below 6…2), then b
    # (1.5), then a (1.0 left). That makes 1+6, 1+1, 1.
    assert places({"a": 70, "b": 25, "c": 5}, 10) == {"a": 7, "b": 2, "c": 1}
    # Equals go by name: 3 places for two strata of 5 each, and a is the first.
    assert places({"b": 5, "a": 5}, 3) == {"a": 2, "b": 1}
    # A stratum never gives more than it has.
    assert places({"a": 1, "b": 99}, 100) == {"a": 1, "b": 99}


def test_fewer_places_than_strata_are_refused() -> None:
    with pytest.raises(TooManyStrata):
        places({"a": 1, "b": 1, "c": 1}, 2)


@given(COUNTS, st.integers(0, 120))
def test_every_stratum_is_seen_and_every_place_is_given(counts: dict[str, int], size: int) -> None:
    known = {name: count for name, count in counts.items() if count}
    if size < len(known):
        return
    taken = places(counts, size)
    assert sum(taken.values()) == min(size, sum(known.values()))
    assert all(1 <= taken[name] <= count for name, count in known.items())
    # Proportional: one with more records never has fewer places.
    for name, count in known.items():
        assert all(taken[name] >= taken[other] for other in known if known[other] < count)


def test_strata_are_drawn_one_by_one_with_the_same_seed() -> None:
    strata = {"high": Numbers.of(incidents(1, 10)), "low": Numbers.of(incidents(11, 40))}
    drawn = draw_from_strata(strata, "spring", 8)
    assert drawn == sorted(draw(strata["high"], "spring", 2) + draw(strata["low"], "spring", 6))


def test_the_suggested_size_is_worked_out_from_its_promise() -> None:
    assert suggested_size(0) == 0
    assert suggested_size(1) == 1
    # Of 10 one deviates: n records miss it (10-n) times in 10, and only n = 10 makes that one in 20 or less.
    assert suggested_size(10) == 10
    # Of 20 two deviate: (20-n)(19-n)/380 must not exceed 1/20, thus (20-n)(19-n) ≤ 19. 15: 5·4 = 20; 16: 4·3 = 12.
    assert suggested_size(20) == 16
    # Of very many: 0.9 to the 28th is 0.0523, to the 29th 0.0471.
    assert suggested_size(10_000_000) == 29
