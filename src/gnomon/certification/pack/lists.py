"""Lists of record numbers as text that people read: one a line, neighbours as FIRST..LAST; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gnomon.certification.numbers import Numbers

SHORTEST = 3
_AT_ONCE = 5_000


def lines(numbers: Iterable[str]) -> Iterator[str]:
    """The sorted numbers, each once; stretches of three and more on one line."""
    for first, last, count in Numbers.of(numbers).stretches():
        if count >= SHORTEST:
            yield f"{first}..{last}"
        else:
            yield from (first, last)[:count]


def pieces(numbers: Iterable[str]) -> Iterator[bytes]:
    """The file of a list, some thousand lines at a time."""
    some: list[str] = []
    for line in lines(numbers):
        some.append(f"{line}\n")
        if len(some) == _AT_ONCE:
            yield "".join(some).encode()
            some.clear()
    yield "".join(some).encode()


def text(numbers: Iterable[str]) -> bytes:
    """The file of a list."""
    return b"".join(pieces(numbers))
