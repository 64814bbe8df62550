"""What kinds of record there are, with their fields as this installation has them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Schema

from gnomon.records.custom import Field, Type, custom_fields, options_of, title_of
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import Kind, kind_named, kinds
from gnomon.records.permissions import may
from gnomon.records.shapes import field_shape

CUSTOM_SHAPES: dict[str, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.LONG_TEXT: {"type": "string"},
    Type.NUMBER: {"type": "number"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.MOMENT: {"type": "string", "format": "date-time"},
    Type.BOOLEAN: {"type": "boolean"},
    Type.CHOICE: {"type": "string"},
    Type.CHOICES: {"type": "array"},
    Type.PERSON: {"type": "string", "description": "number of a person"},
}


class KindTold(Schema):
    name: str
    title: str
    plural: str
    path: str
    prefix: str
    clause: str
    may: list[str]


class Kinds(Schema):
    kinds: list[KindTold]


class KindInFull(KindTold):
    fields: dict[str, Any]
    states: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    filters: list[str]


def list_kinds(call: Call) -> dict[str, Any]:
    """The kinds of which the caller may know records."""
    return {"kinds": [_told(kind, call) for kind in kinds() if _known(kind, call)]}


def kind(call: Call) -> dict[str, Any]:
    """One kind: its fields as JSON Schema, custom ones too, its states, moves and filters."""
    try:
        found = kind_named(call.place["kind"])
    except LookupError:
        raise Http404 from None
    if not _known(found, call):
        raise Http404
    shapes = {name: field_shape(found.model._meta.get_field(name)) for name in (*found.fields, "owner")}
    shapes["custom"] = {
        "type": "object", "additionalProperties": False,
        "properties": {field.name: _custom_shape(field) for field in custom_fields(found)},
        "required": [field.name for field in custom_fields(found) if field.required],
    }  # fmt: skip
    workflow = found.workflow
    return _told(found, call) | {
        "fields": {"type": "object", "properties": shapes},
        "states": [{"name": s.name, "title": str(s.title), "phase": str(s.phase)} for s in workflow.states],
        "moves": [
            {"name": m.name, "title": str(m.title), "starts": list(m.starts), "leads_to": m.end,
             "needs": list(m.needs), "asks": list(m.asks), "because": m.because}
            for m in workflow.moves
        ],
        "filters": [*found.filters, *found.lenses],
    }  # fmt: skip


def _known(kind: Kind, call: Call) -> bool:
    return may(call.person, "read", kind) or (kind.sees is not None and bool(call.person.roles))


def _told(kind: Kind, call: Call) -> dict[str, Any]:
    return {
        "name": kind.name, "title": str(kind.title), "plural": str(kind.plural), "path": f"/api/v1/{kind.path}",
        "prefix": kind.prefix, "clause": kind.clause,
        "may": [verb for verb in kind.may if may(call.person, verb, kind)],
    }  # fmt: skip


def _custom_shape(field: Field) -> dict[str, Any]:
    shape = CUSTOM_SHAPES[field.type] | {"title": title_of(field)}
    if field.type == Type.CHOICES:
        return shape | {"items": {"enum": [value for value, _title in options_of(field)]}}
    return shape | {"enum": [value for value, _title in options_of(field)]} if field.type == Type.CHOICE else shape


KINDS = Endpoint(
    "kinds", "get", "kinds", list_kinds, "List the kinds of record", tells=Kinds,
    description="The kinds of record that the caller may know of, with what they may do.",
)  # fmt: skip
KIND = Endpoint(
    "kind", "get", "kinds/{kind}", kind, "Read a kind of record", tells=KindInFull,
    description="A kind with its fields as JSON Schema, the custom ones of this installation too.",
)  # fmt: skip
