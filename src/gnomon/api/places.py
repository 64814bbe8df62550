"""Which operation an address under /api/v1 belongs to, found by its first word.

There are a thousand addresses, and Django tries one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

ROOT = "/api/v1/"


class Place(NamedTuple):
    """The view of an address, and what the address names."""

    view: Callable[..., Any]
    named: Mapping[str, Any]


def place_of(path: str) -> Place | None:
    """The first place whose pattern fits, or None: then whoever asks for all addresses knows better."""
    if not path.startswith(ROOT):
        return None
    rest = path.removeprefix(ROOT)
    for pattern in _by_first_word().get(rest.partition("/")[0], ()):
        match = pattern.pattern.match(rest)
        if match is not None:
            return Place(pattern.callback, match[2])
    return None


@cache
def _by_first_word() -> Mapping[str, tuple[Any, ...]]:
    from gnomon.api.urls import urlpatterns  # builds all shapes, which the first call waits for and nobody else

    found: dict[str, list[Any]] = defaultdict(list)
    addresses: Any = urlpatterns[0]
    for pattern in addresses.url_patterns:
        word = str(pattern.pattern).partition("/")[0]
        if "<" not in word:
            found[word].append(pattern)
    return {word: tuple(patterns) for word, patterns in found.items()}
