"""What a process remembers between requests: the newest so many, or what it read a moment ago."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Key → value, forgotten when `most` newer ones have come, or newer ones that weigh so much; cleared like the
    caches of functools."""

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        self.most = most
        self._weigh, self._weight = weigh, 0
        self._one_at_a_time = Lock()
        self._known: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        return self._known.get(key)

    def put(self, key: K, value: V) -> None:
        with self._one_at_a_time:
            self._drop(key)  # the newest stands last
            self._known[key] = value
            self._weight += self._weigh(value)
            while self._weight > self.most:
                self._weight -= self._weigh(self._known.popitem(last=False)[1])

    def drop(self, key: K) -> None:
        with self._one_at_a_time:
            self._drop(key)

    def cache_clear(self) -> None:
        with self._one_at_a_time:
            self._known.clear()
            self._weight = 0

    def _drop(self, key: K) -> None:
        if key in self._known:
            self._weight -= self._weigh(self._known.pop(key))

    def cache_parameters(self) -> dict[str, int]:
        return {"maxsize": self.most}


class Fresh(Generic[V]):
    """What `read` makes of stored records; read anew when it is forgotten here, else when it is seconds old."""

    def __init__(self, read: Callable[[], V]) -> None:
        self._read = read
        self._turns = 0
        self._known: tuple[tuple[int, int], V] | None = None

    def __call__(self) -> V:
        known, now = self._known, self.reading()
        if known is None or known[0] != now:
            known = self._known = now, self._read()
        return known[1]

    def reading(self) -> tuple[int, int]:
        """Another one whenever it is read anew: what was made of it is good for as long."""
        fresh_for = settings.DEFINITIONS_FRESH_FOR
        return self._turns, int(time.monotonic() / fresh_for) if fresh_for else 0

    def forget(self, *_arguments: Any) -> None:
        """Read it anew: now, and once this transaction stands."""
        self._turn()
        transaction.on_commit(self._turn)

    def _turn(self) -> None:
        self._turns += 1

    def cache_clear(self) -> None:
        self._known = None

    def cache_parameters(self) -> dict[str, int]:
        return {"maxsize": 1}
