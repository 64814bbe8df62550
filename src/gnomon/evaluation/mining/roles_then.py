"""Which roles people held when, by the ledger."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gnomon.evaluation.mining import store
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.reading import pages
from gnomon.records.memory import Memory

Held = Sequence[tuple[int, frozenset[str]]]
_SELECT = (
    "SELECT sequence, number, happened_at, facts FROM records_ledgerentry "
    "WHERE kind = 'person' AND sequence > %s ORDER BY sequence LIMIT %s"
)


class _Facts(msgspec.Struct, gc=False):
    roles: Any = None


_facts_of = msgspec.json.Decoder(_Facts).decode
_known: Memory[tuple[int, str], Mapping[str, Held]] = Memory(1)


def roles_then() -> Callable[[str, int], frozenset[str] | None]:
    """A function from person and moment to the roles held; None for the system and for whom nothing is known.

    Before the first entry of a person the first roles count: people are recorded later than they came.
    """
    place = store.position("person")
    held = _known.get(place)
    if held is None:
        held = _read()
        _known.put(place, held)

    def roles(number: str, at: int) -> frozenset[str] | None:
        if number == SYSTEM.number or number not in held:
            return None
        some = held[number]
        return some[max(0, bisect_right(some, at, key=lambda one: one[0]) - 1)][1]

    return roles


def _read() -> Mapping[str, Held]:
    held: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for page in pages(_SELECT, start=[0], key=slice(0, 1)):
        for _sequence, number, at, facts in page:
            pair = _facts_of(facts).roles
            if pair is not None:
                held.setdefault(number, []).append((at, frozenset(pair[1] or ())))
    return {number: sorted(some, key=lambda one: one[0]) for number, some in held.items()}
