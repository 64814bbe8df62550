"""The API's description of itself: OpenAPI 3.1, the same bytes whoever asks."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from gnomon.api.answers import PROBLEM
from gnomon.jobs.moments import MomentField
from gnomon.records.kinds import Kind
from gnomon.records.listing import MOST, PAGE
from gnomon.records.plain import told_fields

ROOT = "/api/v1/"


class HouseApi(NinjaAPI):
    """The API with a description that tells of refusals as they are sent."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, in English whatever the language of whoever asks."""
        with translation.override("en"):
            described = super().get_openapi_schema(path_prefix=path_prefix or ROOT, path_params=path_params)
        for path, place in described["paths"].items():
            for method, operation in place.items():
                _complete(path, method, operation)
        described["components"]["responses"] = {f"Refusal{status}": _refusal(status) for status in REFUSALS}
        described["components"]["securitySchemes"] = SECURITY
        return described


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Say of an operation what holds for all that are like it."""
    scope = operation.pop("x-scope", "")
    operation["security"] = [{"TokenBearer": [scope] if scope else []}]
    operation["responses"] = dict(map(_answer, operation["responses"].items()))
    # Said here and not to the framework, which would build a shape for each status of each operation.
    for status in REFUSALS:
        operation["responses"][status] = {"$ref": f"#/components/responses/Refusal{status}"}
    headers = [IF_NONE_MATCH] if method == "get" else [IDEMPOTENCY_KEY]
    if method != "get" and "{number}" in path:
        headers.append(IF_MATCH)
    if method == "get":
        operation["responses"][304] = {"description": "Nothing is new: If-None-Match names what would be sent."}
    if media := operation.pop("x-media-type", ""):
        operation["responses"][200]["content"] = {media: {"schema": {"type": "string", "format": "binary"}}}
    operation["parameters"] = [*operation.get("parameters", []), *headers]


def document(api: NinjaAPI) -> str:
    """The description as the text that docs/openapi.json holds."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def list_parameters(kind: Kind) -> list[dict[str, Any]]:
    """What a list can be asked with."""
    fixed = [
        query_parameter("q", "string", "words that the records hold"),
        query_parameter("phase", "string", "open, waiting, resolved, closed or unresolved"),
        query_parameter(
            "sort", "string", f"a field, with - before it for the other way round; {kind.order} when left out"
        ),
        query_parameter("limit", "integer", f"records on a page; {PAGE} when left out", minimum=1, maximum=MOST),
        query_parameter("cursor", "string", "what the page before gave as “next”"),
        fields_parameter(kind),
    ]
    return [*(_filter(kind, name) for name in kind.filters), *(_lens(name) for name in kind.lenses), *fixed]


def fields_parameter(kind: Kind) -> dict[str, Any]:
    """Which fields are wanted."""
    known = [field.name for field in told_fields(kind)]
    shape = {"type": "array", "items": {"type": "string", "enum": known}}
    says = "The fields that are wanted, with commas between them; all when it is left out."
    return {
        "in": "query", "name": "fields", "required": False, "description": says, "schema": shape,
        "style": "form", "explode": False, "example": ["number", "title"],
    }  # fmt: skip


def _header(name: str, says: str, example: str) -> dict[str, Any]:
    shape = {"type": "string", "title": name}
    return {"in": "header", "name": name, "required": False, "schema": shape, "description": says, "example": example}


IF_MATCH = _header(
    "If-Match",
    "The ETag of the record that was seen. When the record has moved on, nothing is written, and the answer is 412 "
    "with what changed.",
    '"3"',
)
IF_NONE_MATCH = _header(
    "If-None-Match", "The ETag of an earlier answer. When nothing is new, the answer is 304 without a body.", '"3-5f0c"'
)
IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "A random text that names this request. Sent again with the same key within a day, it is answered as before and "
    "not carried out again.",
    "8e03978e-40d5-43dd-bc93-6894a57f9324",
)
SECURITY = {
    "TokenBearer": {
        "type": "http", "scheme": "bearer",
        "description": "A token that a person made for a program. Its scopes are KIND:read, KIND:write, *:read, "
        "*:write and admin; `security` of each operation names the one it needs.",
    }
}  # fmt: skip


def _filter(kind: Kind, name: str) -> dict[str, Any]:
    field: Any = kind.model._meta.get_field(name)
    says = f"{field.verbose_name}: one or several with commas, or none"
    if isinstance(field, models.ForeignKey):
        says = f"{field.verbose_name}: numbers with commas, me or none"
    if isinstance(field, MomentField):
        says = f"{field.verbose_name}; {name}.from and {name}.to bound it"
    return query_parameter(name, "string", says)


def _lens(name: str) -> dict[str, Any]:
    return query_parameter(name, "string", f"{name.replace('_', ' ')} a moment, as 2026-01-05T09:00:00Z")


def query_parameter(name: str, kind: str, says: str, **bounds: int) -> dict[str, Any]:
    shape = {"type": kind, "title": name.title(), **bounds}
    return {"in": "query", "name": name, "required": False, "schema": shape, "description": says}


def _answer(pair: tuple[Any, dict[str, Any]]) -> tuple[Any, dict[str, Any]]:
    status, response = pair
    return status, {**response, "description": ANSWERS.get(int(status), response.get("description", ""))}


def _refusal(status: int) -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": REFUSALS[status], "content": {PROBLEM: {"schema": shape}}}


ANSWERS = {
    200: "As it is now; ETag is its version.",
    201: "Recorded; ETag is its version, and Location leads to a new record.",
    204: "Done; there is nothing to tell.",
    207: "Each of them has an answer of its own.",
}
REFUSALS = {
    400: "The body cannot be read.",
    401: "No valid token.",
    403: "The roles or the token do not permit it.",
    404: "There is no such record for this person.",
    409: "The record moved on, the move is not open from here, or the first request with the key is still at work.",
    412: "The record is not as If-Match says; `changed` tells what is new.",
    422: "A fact cannot be taken; `errors` names each.",
    428: "This installation takes changes with If-Match only.",
    429: "Too many calls; Retry-After says when to go on.",
    500: "Something broke on our side, and it was noted.",
}
