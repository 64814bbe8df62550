"""Samples that anybody can draw again: from the population and the seed alone, with any language; pure.

    rank(number) = SHA-256 of the UTF-8 bytes of  seed, a line feed, number
    sample       = the `size` numbers of the population whose ranks are lowest, shown in their own order

Every number is equally likely to be drawn, however many there are and in whichever order they stand. A number
has one rank for a seed, so populations that overlap give samples that overlap: one record that an auditor opens
serves every requirement whose records it is among.

Of strata each gets one place. Every further place goes to the stratum that is furthest below its proportional
share of the size, the first by name among equals. Within a stratum the lowest ranks are drawn.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice

from gnomon.certification.numbers import Numbers

METHOD = "gnomon-sample/1"
STRATIFIED = "gnomon-strata/1"
LARGEST = 1000
LOWEST = 10_000
# What a suggested size promises: were one record in so many to deviate, the sample would hold one of those
# but for one time in so many.
ONE_DEVIATES_IN, ONE_MISS_IN = 10, 20


class TooManyStrata(ValueError):
    """Fewer places than strata: one of them would not be seen at all."""


def draw(population: Iterable[str], seed: str, size: int) -> list[str]:
    """The sample of at most `size` numbers, sorted; the whole population when it is no larger."""
    distinct = population.each() if isinstance(population, Numbers) else set(population)
    ranked = heapq.nsmallest(max(size, 0), ((rank(number, seed), number) for number in distinct))
    return sorted(number for _rank, number in ranked)


def rank(number: str, seed: str) -> bytes:
    """Where a number stands in the draw of a seed."""
    return sha256(f"{seed}\n{number}".encode()).digest()


class Ranking:
    """Draws from many populations with one seed; what it gives is what `draw` gives.

    A number has one rank for a seed, so the lowest of all together serve each large population.
    """

    def __init__(self, everyone: Numbers, seed: str) -> None:
        self.seed = seed
        ranked = ((rank(number, seed), number) for number in everyone.each())
        self._lowest = [number for _rank, number in heapq.nsmallest(LOWEST, ranked)] if len(everyone) > LOWEST else []

    def draw(self, population: Iterable[str], size: int) -> list[str]:
        """The sample of at most `size` numbers of a part of everyone, sorted."""
        among = Numbers.of(population)
        if len(among) > LOWEST:
            found = list(islice((number for number in self._lowest if number in among), size))
            if len(found) == size:
                return sorted(found)
        return draw(among, self.seed, size)


def draw_from_strata(strata: Mapping[str, Numbers], seed: str, size: int) -> list[str]:
    """The sample of at most `size` numbers in all, sorted, from each stratum as many as its places."""
    taken = places({name: len(among) for name, among in strata.items()}, size)
    return sorted(number for name, count in taken.items() for number in draw(strata[name], seed, count))


def places(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many are drawn from each stratum; TooManyStrata when there are fewer places than strata."""
    known = {name: counts[name] for name in sorted(counts) if counts[name]}
    whole = sum(known.values())
    if size < len(known):
        raise TooManyStrata(len(known))
    taken = dict.fromkeys(known, 1)
    for _place in range(min(size, whole) - len(known)):
        open_to = (name for name, count in known.items() if taken[name] < count)
        # The first of the furthest below: known stands in the order of names, and max keeps the first.
        taken[max(open_to, key=lambda name: known[name] * size - taken[name] * whole)] += 1
    return taken


def suggested_size(count: int) -> int:
    """The fewest records of `count` that hold, 19 times in 20, a deviating one if one in ten of all deviates."""
    deviating = -(-count // ONE_DEVIATES_IN)
    missed, all_ways = 1, 1
    for size in range(count):
        if missed * ONE_MISS_IN <= all_ways:
            return size
        missed *= count - deviating - size
        all_ways *= count - size
    return count


def by_lot() -> str:
    """A seed that nobody chose."""
    return f"{secrets.randbelow(10**8):08d}"
