"""An endpoint as an operation of the framework: who calls, about what, with what, and the answer.

No postponed annotations here: signatures are put together and the framework reads them.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from gnomon.api.answers import json_answer
from gnomon.api.conditions import as_seen, unless_known
from gnomon.api.errors import NoSuchMove
from gnomon.api.once import once
from gnomon.api.openapi import query_parameter
from gnomon.api.tokens import READING, needs
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import Record
from gnomon.records.plain import as_plain
from gnomon.records.queries.numbered import visible_numbered
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

_PART = re.compile(r"{(\w+)}")


def endpoints_of(kind: Kind | None) -> list[Endpoint]:
    """What the installed apps add below one kind, or below the root."""
    wanted = {""} if kind is None else {kind.name, EVERY_KIND}
    return [endpoint for endpoint in collect("api", Endpoint) if endpoint.kind in wanted]


def add_endpoint(router: Router, endpoint: Endpoint, kind: Kind | None) -> None:
    """Put an endpoint on the router of its kind, or of the root."""
    below = "/{number}/" if kind is not None and endpoint.about == "record" else "/"
    path = f"{below}{endpoint.path}".rstrip("/")
    router.api_operation(
        [endpoint.method.upper()], path, response=_answers(endpoint),
        operation_id=f"{endpoint.name}_{kind.name}" if endpoint.kind == EVERY_KIND and kind else endpoint.name,
        summary=endpoint.summary, description=endpoint.description or None, **needs(_scope(endpoint, kind), **_extra(endpoint)),
    )(_view(endpoint, kind, path))  # fmt: skip


def _view(endpoint: Endpoint, kind: Kind | None, path: str) -> Callable[..., Any]:
    parts = _PART.findall(path)

    def called(request: HttpRequest, **named: Any) -> HttpResponseBase:
        given = named.pop("given", None)
        call = Call(
            person=request.user, kind=kind, given={} if given is None else given.dict(exclude_unset=True),
            query=request.GET.dict(), place=named,
            files=tuple(request.FILES.getlist("file")) if endpoint.files else (),
            scopes=getattr(request, "scopes", ()),
        )  # fmt: skip
        return answered(request, lambda: _run(endpoint, call, request))

    called.__name__ = endpoint.name
    called.__doc__ = endpoint.description
    asked = dict.fromkeys(parts, str) | ({"given": endpoint.takes} if endpoint.takes else {})
    word = inspect.Parameter.POSITIONAL_OR_KEYWORD
    called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("request", word)] + [inspect.Parameter(n, word, annotation=t) for n, t in asked.items()]
    )
    return called


def _run(endpoint: Endpoint, call: Call, request: HttpRequest) -> HttpResponseBase:
    if call.kind is None or endpoint.about == "list":
        return answer_of(endpoint.run(call), endpoint.status, to=call.person)
    place = {name: part for name, part in call.place.items() if name != "number"}
    record = found(call.kind, request, call.place["number"])
    call = replace(call, record=record, place=place)
    if endpoint.reads:
        return answer_of(endpoint.run(call), endpoint.status, to=call.person)
    # What hangs on a record contradicts nobody, so that no version need be named; one that is named must stand.
    with as_seen(request, record, expect=record.version):
        return answer_of(endpoint.run(call), endpoint.status, record, to=call.person)


def answered(request: HttpRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `run` answers: 304 for what is known already, and once only for each Idempotency-Key."""
    return unless_known(request, run()) if request.method in READING else once(request, lambda: run)


def found(kind: Kind, request: HttpRequest, number: str) -> Record:
    """The record with this number, as far as whoever calls may know of it."""
    record: Record | None = visible_numbered(kind.model, number.upper(), request.user, whole=True)  # type: ignore[arg-type]
    if record is None:
        raise Http404
    return record


def step_of(kind: Kind, record: Record, move: str) -> Move:
    """The move of this name in the record's own workflow."""
    try:
        return kind.move_of(record, move)
    except LookupError:
        raise NoSuchMove(record, move) from None


def answer_of(told: Any, status: int, about: Record | None = None, *, to: Actor) -> HttpResponseBase:
    """What an endpoint answers: a record, plain data, nothing, or a response that is one already."""
    if isinstance(told, HttpResponseBase):
        return told
    if told is None:
        return HttpResponse(status=204)
    if isinstance(told, Record):
        return json_answer(as_plain(told.kind, told, to=to), status, version=told.version)
    return json_answer(told, status, version=about.version if about else None, told=about is None)


def _scope(endpoint: Endpoint, kind: Kind | None) -> str:
    """What a token must hold to call this; nothing for what every token may know."""
    verb = endpoint.scope or ("read" if endpoint.reads else "write")
    if verb == "admin" or ":" in verb:
        return verb
    if kind is not None:
        return f"{kind.name}:{verb}"
    return "" if endpoint.reads else "*:write"


def _answers(endpoint: Endpoint) -> dict[int, Any]:
    return {204: None} if endpoint.status == 204 else {endpoint.status: endpoint.tells or dict[str, Any]}


def _extra(endpoint: Endpoint) -> dict[str, Any]:
    extra: dict[str, Any] = {} if endpoint.media_type == "application/json" else {"x-media-type": endpoint.media_type}
    if endpoint.parameters:
        extra["parameters"] = [query_parameter(name, "string", says) for name, says in endpoint.parameters.items()]
    if endpoint.files:
        shape: Mapping[str, Any] = {
            "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}},
        }  # fmt: skip
        extra["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": shape}}}
    return extra


def check_kinds() -> None:
    """Refuse to start with an endpoint below a kind that nobody declares; LookupError names it."""
    for endpoint in collect("api", Endpoint):
        if endpoint.kind not in {"", EVERY_KIND}:
            kind_named(endpoint.kind)
