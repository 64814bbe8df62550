"""Samples that anybody can draw again: from the population and the seed alone, with any language; pure.

    rank(number) = SHA-256 of the UTF-8 bytes of  seed, a line feed, number
    sample       = the `size` numbers of the population whose ranks are lowest, shown in their own order

Every number is equally likely to be drawn, however many there are and in whichever order they stand. A number
has one rank for a seed, so populations that overlap give samples that overlap: one record that an auditor opens
serves every requirement whose records it is among.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from hashlib import sha256

METHOD = "gnomon-sample/1"


def draw(population: Iterable[str], seed: str, size: int) -> list[str]:
    """The sample of at most `size` numbers, sorted; the whole population when it is no larger."""
    ranked = heapq.nsmallest(max(size, 0), ((rank(number, seed), number) for number in set(population)))
    return sorted(number for _rank, number in ranked)


def rank(number: str, seed: str) -> bytes:
    """Where a number stands in the draw of a seed."""
    return sha256(f"{seed}\n{number}".encode()).digest()
