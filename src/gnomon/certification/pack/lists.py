"""Lists of record numbers as text that people read: one a line, neighbours as FIRST..LAST; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

_COUNTED = re.compile(r"(.*?)([0-9]{1,15})")
SHORTEST = 3


def lines(numbers: Iterable[str]) -> Iterator[str]:
    """The sorted numbers, each once; stretches of three and more on one line."""
    for _key, neighbours in groupby(enumerate(sorted(set(numbers))), key=_neighbourhood):
        stretch = [number for _at, number in neighbours]
        if len(stretch) < SHORTEST:
            yield from stretch
        else:
            yield f"{stretch[0]}..{stretch[-1]}"


def text(numbers: Iterable[str]) -> bytes:
    """The file of a list."""
    return "".join(f"{line}\n" for line in lines(numbers)).encode()


def _neighbourhood(pair: tuple[int, str]) -> tuple[str, int, int]:
    """Equal for numbers that follow one another: INC-000007 and INC-000008."""
    at, number = pair
    found = _COUNTED.fullmatch(number)
    if found is None:
        return number, -1, at
    return found[1], len(found[2]), int(found[2]) - at
