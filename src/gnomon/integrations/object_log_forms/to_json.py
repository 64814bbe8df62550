"""OCEL 2.0 as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, Staged, Tie, Type, native

AT_ONCE = 500
Sorts = Mapping[str, Mapping[str, str]]


def to_json(staged: Staged) -> Iterator[bytes]:
    """The log in pieces: types, objects, events."""
    events, objects = staged.types(EVENT), staged.types(OBJECT)
    of_event, of_object = ({one.name: one.attributes for one in types} for types in (events, objects))
    yield b'{"eventTypes":' + _dumped([_type(one) for one in events])
    yield b',\n"objectTypes":' + _dumped([_type(one) for one in objects])
    told: Iterable[Any] = (
        {
            "id": one.id, "type": one.type, "relationships": _ties(one.ties),
            "attributes": [
                {"name": name, "time": time, "value": native(value, of_object[one.type][name])}
                for name, time, value in one.states
            ],
        }
        for one in staged.objects()
    )  # fmt: skip
    yield b',\n"objects":['
    yield from _listed(told)
    told = (
        {
            "id": one.id, "type": one.type, "time": one.time, "relationships": _ties(one.ties),
            "attributes": [
                {"name": name, "value": native(value, of_event[one.type][name])} for name, value in one.told.items()
            ],
        }
        for one in staged.events()
    )  # fmt: skip
    yield b'],\n"events":['
    yield from _listed(told)
    yield b"]}\n"


def _type(one: Type) -> dict[str, Any]:
    return {"name": one.name, "attributes": [{"name": name, "type": sort} for name, sort in one.attributes.items()]}


def _ties(ties: Sequence[Tie]) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": qualifier} for other, qualifier in ties]


def _listed(told: Iterable[Any]) -> Iterator[bytes]:
    some: list[bytes] = []
    before = b""
    for one in told:
        some.append(_dumped(one))
        if len(some) == AT_ONCE:
            yield before + b",\n".join(some)
            some, before = [], b",\n"
    if some:
        yield before + b",\n".join(some)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
