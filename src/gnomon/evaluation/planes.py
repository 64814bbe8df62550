"""Numbers of many records as planes: one long number for each place of a bit, in which every record has its bit.

Those that hold for some records are counted, added up and put in order by a few dozen operations on long numbers,
however many records there are, and without looking at any of them. Pure.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Planes = Sequence[int]  # that of the lowest bit first; bit n of each belongs to row n

# Added to what may be negative: milliseconds of nine thousand years either way still have their order.
BIAS = 1 << 48
_DIGITS = [bytes(b"01"[byte >> bit & 1] for byte in range(256)) for bit in range(8)]


def planes_of(numbers: Iterable[int]) -> list[int]:
    """Numbers, none of them negative, as planes."""
    octets = array("Q", numbers).tobytes()[::-1]  # the last row first, as digits are read
    planes: list[int] = []
    for place in range(7, -1, -1):
        column = octets[place::8]
        if column.count(0) == len(column):
            planes += [0] * 8
        else:
            planes += [int(column.translate(digits), 2) for digits in _DIGITS]
    while planes and not planes[-1]:
        planes.pop()
    return planes


def numbers_of(planes: Planes, size: int) -> list[int]:
    """Planes as numbers."""
    return [sum((plane >> at & 1) << place for place, plane in enumerate(planes)) for at in range(size)]


def equal(planes: Planes, number: int, mask: int) -> int:
    """Those of a mask whose number is this one."""
    if number >> len(planes):
        return 0
    for place, plane in enumerate(planes):
        mask = mask & plane if number >> place & 1 else mask ^ (mask & plane)
    return mask


def below(planes: Planes, bound: int, mask: int) -> int:
    """Those of a mask whose number is smaller."""
    if bound <= 0:
        return 0
    if bound >> len(planes):
        return mask
    found, level = 0, mask
    for place in range(len(planes) - 1, -1, -1):
        more = level & planes[place]
        if bound >> place & 1:
            found |= level ^ more
            level = more
        else:
            level ^= more
        if not level:
            break
    return found


def total(planes: Planes, mask: int) -> int:
    """What the numbers of a mask add up to."""
    return sum((plane & mask).bit_count() << place for place, plane in enumerate(planes) if plane)


def parted(planes: Planes, mask: int) -> Iterator[tuple[int, int]]:
    """Each number that occurs in a mask, and who has it."""
    if not mask:
        return
    if not planes:
        yield 0, mask
        return
    more, high = mask & planes[-1], 1 << len(planes) - 1
    yield from parted(planes[:-1], mask ^ more)
    for number, some in parted(planes[:-1], more):
        yield number | high, some


class Part(NamedTuple):
    """The biased numbers of some rows, which count, or, where `sign` is -1, are taken from those that do."""

    sign: int
    planes: Planes
    mask: int


def part_of(sign: int, numbers: Sequence[int]) -> Part:
    """Numbers by themselves."""
    return Part(sign, planes_of(number + BIAS for number in numbers), (1 << len(numbers)) - 1)


class Numbers:
    """The numbers of some parts as if they stood in order."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = [part for part in parts if part.mask]
        self._count = sum(part.sign * part.mask.bit_count() for part in self._parts)
        self._last = range(0), 0

    @property
    def total(self) -> int:
        return sum(part.sign * total(part.planes, part.mask) for part in self._parts) - BIAS * self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int, /) -> int:
        """The smallest that more than `place` do not exceed."""
        places, number = self._last
        if place not in places:  # whoever looks between two neighbours asks for one of them twice
            self._last = places, number = self._found_at(place)
        return number

    def _found_at(self, place: int) -> tuple[range, int]:
        """A number, bit by bit from the highest, and all places where it stands."""
        found, left, parts = 0, place, self._parts
        for bit in range(max(len(part.planes) for part in parts) - 1, -1, -1):
            zeros, ones, smaller = [], [], 0
            for sign, planes, mask in parts:
                one = planes[bit] & mask if bit < len(planes) else 0
                zero = mask ^ one
                if zero:
                    smaller += sign * zero.bit_count()
                    zeros.append(Part(sign, planes, zero))
                if one:
                    ones.append(Part(sign, planes, one))
            if left < smaller:
                parts = zeros
            else:
                parts, left, found = ones, left - smaller, found | 1 << bit
        first = place - left
        return range(first, first + sum(part.sign * part.mask.bit_count() for part in parts)), found - BIAS

    def before(self, number: int) -> int:
        """How many are smaller."""
        bound = number + BIAS
        return sum(part.sign * below(part.planes, bound, part.mask).bit_count() for part in self._parts)

    def count_of(self, number: int) -> int:
        """How many are this number."""
        return self.before(number + 1) - self.before(number)
