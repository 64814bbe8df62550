"""Which operation an address under /api/v1 belongs to, found by its first word.

There are more than a thousand addresses, and Django would try one after the other. A word's own are made when
somebody first calls one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from gnomon.records.kinds import kinds

if TYPE_CHECKING:
    from ninja import NinjaAPI

ROOT = "/api/v1/"
DESCRIPTION = "openapi.json"
_opening = Lock()
_opened: dict[str, tuple[Any, ...]] = {}


class Place(NamedTuple):
    """The view of an address, and what the address names."""

    view: Callable[..., Any]
    named: Mapping[str, Any]


def place_of(path: str) -> Place | None:
    """The first place whose pattern fits, or None when it is no address of ours."""
    if not path.startswith(ROOT):
        return None
    rest = path.removeprefix(ROOT)
    for pattern in _patterns(rest.partition("/")[0]):
        match = pattern.pattern.match(rest)
        if match is not None:
            return Place(pattern.callback, match[2])
    return None


def _patterns(word: str) -> tuple[Any, ...]:
    known = _opened.get(word)
    if known is not None or not word:
        return known or ()
    with _opening:  # two calls at once would both build the shapes
        if word not in _opened and (found := _made(word)):  # what anybody makes up is not kept
            _opened[word] = found
        return _opened.get(word, ())


def _made(word: str) -> tuple[Any, ...]:
    from gnomon.api import doors  # the framework of typed shapes, which the first call waits for and nobody else

    if word == DESCRIPTION:
        return _below(doors.whole(), word)
    kind = next((kind for kind in kinds() if kind.path == word), None)
    own = () if kind is None else _below(doors.door_of(kind), word)
    return (*own, *_below(_root(), word))


@cache
def _root() -> NinjaAPI:
    from gnomon.api import doors

    return doors.door_of(None)


def _below(api: NinjaAPI, word: str) -> tuple[Any, ...]:
    patterns: Any = api.urls[0]
    return tuple(pattern for pattern in patterns if str(pattern.pattern).partition("/")[0] == word)
