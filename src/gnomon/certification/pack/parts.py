"""Small things that every part of a pack is made with: both languages at once, lists kept once, JSON as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import translation

from gnomon.certification.numbers import Numbers
from gnomon.certification.pack import lists
from gnomon.certification.pack.bag import Bag

LANGUAGES = {"en": "en", "zh": "zh-hans"}


def both(says: Callable[[], object]) -> dict[str, str]:
    """What a text reads in English and in Chinese."""
    told = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            told[short] = str(says())
    return told


def as_file(content: Any) -> bytes:
    """JSON that people can read too, in one order, with a line feed at the end."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def as_pieces(content: Any) -> Iterator[bytes]:
    """The same file in pieces: the index of a large pack is never in memory as a whole text."""
    words = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True).iterencode(content)
    while some := "".join(islice(words, 20_000)):
        yield some.encode()
    yield b"\n"


class Lists:
    """The lists of numbers of a pack, each kept once under its digest however many checks saw it."""

    def __init__(self, bag: Bag) -> None:
        self._bag = bag
        self._kept: set[str] = set()

    def keep(self, population: Iterable[str]) -> dict[str, Any]:
        """Put a list into the bag; answers how it is named in the index."""
        found = Numbers.of(population)
        digest = found.digest
        if digest not in self._kept:
            self._bag.add(f"lists/{digest}.txt", lists.pieces(found))
            self._kept.add(digest)
        return {"list": digest, "count": len(found)}
