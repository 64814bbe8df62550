"""Write the ledger of a kind as an object-centric event log, OCEL 2.0 in JSON, people under pseudonyms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.db import models

from gnomon.integrations.told import TOLD, Event, courses
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models import Record
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Actor

PERSON, DID = "person", "did"
IN_MEMORY = 1024 * 1024


def object_log(kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]] | None = None) -> Iterator[str]:
    """The log in pieces. Records of the person's list are objects, each ledger entry an event of its record.

    Teams, services and other records that an entry set a relation to are objects too, as is who did it. Events come
    first, for only they tell which objects there are.
    """
    related = relations_of(kind)
    verbs: dict[str, None] = {}
    others: dict[str, dict[str, None]] = {PERSON: {}, **{type_: {} for type_ in related.values()}}
    with TemporaryFile("w+", encoding="utf-8") as objects:
        yield '{"events":['
        begun = False
        for number, told in courses(kind, person, parameters or {}, tuple(related)):
            lines = []
            for one in told:
                verbs[one.verb] = None
                others[PERSON][one.actor] = None
                for name, other in one.set_to.items():
                    others[related[name]][other] = None
                lines.append(_dumped(_event(kind, number, one)))
            yield ("," if begun else "") + ",\n".join(lines)
            objects.write(("," if begun else "") + _dumped(_object(kind, number, told)) + "\n")
            begun = True
        yield '],\n"objects":['
        objects.seek(0)
        while piece := objects.read(IN_MEMORY):
            yield piece
    for type_, names in others.items():
        for name in names:
            yield ("," if begun else "") + _dumped({"id": name, "type": type_, "attributes": [], "relationships": []})
            begun = True
    yield f'],\n"eventTypes":{_dumped([{"name": verb, "attributes": _typed()} for verb in verbs])}'
    types = [{"name": kind.name, "attributes": _typed()}, *({"name": name, "attributes": []} for name in others)]
    yield f',\n"objectTypes":{_dumped(types)}}}\n'


def relations_of(kind: Kind) -> dict[str, str]:
    """Relations of the kind to records that are nobody, each with the kind of record it leads to."""
    found = {}
    for name in (*kind.fields, "team"):
        try:
            field = field_named(kind, name)
        except LookupError:
            continue
        related: Any = field.related_model
        if isinstance(field, models.ForeignKey) and issubclass(related, Record):
            type_ = kind_of(related).name
            if type_ not in {PERSON, kind.name}:
                found[name] = type_
    return found


def _event(kind: Kind, number: str, one: Event) -> dict[str, Any]:
    ties = [{"objectId": number, "qualifier": kind.name}, {"objectId": one.actor, "qualifier": DID}]
    ties += [{"objectId": other, "qualifier": name} for name, other in one.set_to.items()]
    told = [{"name": name, "value": value} for name, value in one.facts.items()]
    return {
        "id": f"{number}.{one.version}", "type": one.verb, "time": one.at, "attributes": told, "relationships": ties,
    }  # fmt: skip


def _object(kind: Kind, number: str, told: Sequence[Event]) -> dict[str, Any]:
    """A record with what it was, and since when."""
    attributes = [{"name": name, "time": one.at, "value": value} for one in told for name, value in one.facts.items()]
    return {"id": number, "type": kind.name, "attributes": attributes, "relationships": []}


def _typed() -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in TOLD]


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
