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

ROOT = "/api/v1/"
WRITING = frozenset({"post", "patch"})


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
                operation["responses"] = dict(map(_answer, operation["responses"].items()))
                if method in WRITING and "{number}" in path and not path.endswith("/comments"):
                    operation["parameters"] = [*operation["parameters"], IF_MATCH]
        described["components"]["responses"] = {f"Refusal{status}": _refusal(status) for status in REFUSALS}
        return described


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
    ]
    return [*(_filter(kind, name) for name in kind.filters), *(_lens(name) for name in kind.lenses), *fixed]


IF_MATCH = {
    "in": "header", "name": "If-Match", "required": False,
    "schema": {"type": "string", "title": "If-Match"},
    "description": "the ETag that was seen; when the record has moved on, the answer is 409 with what changed",
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
    if int(status) in REFUSALS:
        return status, {"$ref": f"#/components/responses/Refusal{status}"}
    return status, {**response, "description": ANSWERS.get(int(status), response.get("description", ""))}


def _refusal(status: int) -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": REFUSALS[status], "content": {PROBLEM: {"schema": shape}}}


ANSWERS = {
    200: "As it is now; ETag is its version.",
    201: "Recorded; ETag is its version, and Location leads to a new record.",
    204: "Done; there is nothing more to tell.",
}
REFUSALS = {
    400: "The body cannot be read.",
    401: "No valid token.",
    403: "The roles or the token do not permit it.",
    404: "There is no such record for this person.",
    409: "The record moved on, or the move is not open from here.",
    422: "A fact cannot be taken; `errors` names each.",
}
