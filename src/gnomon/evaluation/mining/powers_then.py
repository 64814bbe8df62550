"""What roles were permitted when, by the ledger: own roles and changed permissions as they stood at a moment.

What the program itself declares has no history and is taken as it is today.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gnomon.evaluation.mining import store
from gnomon.records.definitions import IN_USE, PERMISSIONS, ROLES, Powers
from gnomon.records.ledger.reading import pages
from gnomon.records.memory import Memory

_SELECT = (
    "SELECT sequence, kind, number, happened_at, facts FROM records_ledgerentry "
    "WHERE kind IN ('role', 'changed_permission') AND sequence > %s ORDER BY sequence LIMIT %s"
)
TOLD = ("status", "code", "based_on", "of_kind", "verb", "role", "allowed")
_Facts = msgspec.defstruct("_Facts", [(name, Any, None) for name in TOLD], gc=False)
_facts_of = msgspec.json.Decoder(_Facts).decode
_known: Memory[tuple[Any, ...], Callable[[int], Powers]] = Memory(1)


def powers_then() -> Callable[[int], Powers]:
    """A function from a moment to what administrators had decided by then."""
    place = (store.position(ROLES), store.position(PERMISSIONS))
    found = _known.get(place)
    if found is None:
        found = _at(_read())
        _known.put(place, found)
    return found


def _at(stretches: Sequence[tuple[int, Powers]]) -> Callable[[int], Powers]:
    nothing = Powers()

    def powers(at: int) -> Powers:
        place = bisect_right(stretches, at, key=lambda one: one[0])
        return stretches[place - 1][1] if place else nothing

    return powers


def _read() -> list[tuple[int, Powers]]:
    """What was decided from each moment on; what was told late counts from when it happened."""
    told = [
        (at, kind, number, _facts_of(facts))
        for page in pages(_SELECT, start=[0], key=slice(0, 1))
        for _sequence, kind, number, at, facts in page
    ]
    known: dict[tuple[str, str], dict[str, Any]] = {}
    found: list[tuple[int, Powers]] = []
    for at, kind, number, facts in sorted(told, key=lambda one: one[0]):
        record = known.setdefault((kind, number), {})
        record |= {name: pair[1] for name in TOLD if (pair := getattr(facts, name)) is not None}
        found.append((at, _powers(known)))
    return found


def _powers(known: Mapping[tuple[str, str], Mapping[str, Any]]) -> Powers:
    powers = Powers()
    for (kind, _number), told in known.items():
        if told.get("status") != IN_USE:
            continue
        if kind == PERMISSIONS:
            powers.permits.setdefault((told["of_kind"], told["verb"]), {})[told["role"]] = bool(told.get("allowed"))
        elif told.get("based_on"):
            powers.bases[told["code"]] = told["based_on"]
    return powers
