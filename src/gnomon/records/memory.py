"""What a process remembers between requests, the newest so many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Key → value, forgotten when `most` newer ones have come; cleared like the caches of functools."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        return self._known.get(key)

    def put(self, key: K, value: V) -> None:
        self._known.pop(key, None)  # the newest stands last
        self._known[key] = value
        while len(self._known) > self.most:
            try:
                self._known.popitem(last=False)
            except KeyError:  # another thread was quicker
                return

    def drop(self, key: K) -> None:
        self._known.pop(key, None)

    def cache_clear(self) -> None:
        self._known.clear()

    def cache_parameters(self) -> dict[str, int]:
        return {"maxsize": self.most}
