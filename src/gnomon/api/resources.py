"""One REST resource for each kind: list, record, read, change, move, and what apps add.

No postponed annotations here: the shapes are made in the functions and the framework reads them there.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import ValidationError

from gnomon.api.answers import json_answer
from gnomon.api.batches import add_batches
from gnomon.api.conditions import as_told, condition_of
from gnomon.api.lists import asked_fields, list_answer, only
from gnomon.api.once import Write, once
from gnomon.api.openapi import fields_parameter, list_parameters
from gnomon.api.operations import (
    add_endpoint,
    answered,
    endpoints_of,
    found,
    step_of,
)
from gnomon.api.schemas import given_shape, page_shape, told_shape
from gnomon.api.tokens import needs
from gnomon.records import actions, permissions
from gnomon.records.api.comments import CommentGiven, what_is_said
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.plain import as_plain, facts_from_plain
from gnomon.records.refusals import InvalidFacts
from gnomon.workflow.tables import Move


def resource(kind: Kind) -> Router:
    """The routes of one kind."""
    router = Router(tags=[str(kind.name)])
    # First, so that a word below the list is not taken for a number.
    for endpoint in endpoints_of(kind):
        add_endpoint(router, endpoint, kind)
    told, told_page = told_shape(kind), page_shape(kind)
    shape_name, name, title = told.__name__, kind.name, kind.title
    asked = given_shape(kind, kind.fields, f"{shape_name}Given")
    changed = given_shape(kind, kind.fields, f"{shape_name}Changed", because=True)
    add_batches(router, kind, asked, told)

    @router.get(
        "", response={200: told_page}, operation_id=f"list_{name}", summary=f"List: {kind.plural}",
        **needs(f"{name}:read", parameters=list_parameters(kind)),
        description="A page of what the caller may know of, filtered and sorted; `next` and the Link header lead on.",
    )  # fmt: skip
    def list_records(request: HttpRequest) -> HttpResponseBase:
        return answered(request, lambda: list_answer(kind, request))

    @router.post(
        "", response={201: told}, operation_id=f"record_{name}", summary=f"Record: {title}", **needs(f"{name}:write"),
        description="A new record in the first state of its workflow; Location leads to it.",
    )  # fmt: skip
    def record(request: HttpRequest, given: asked) -> HttpResponseBase:  # type: ignore[valid-type]
        return once(request, lambda: _record(kind, request, given.dict(exclude_unset=True)))  # type: ignore[attr-defined]

    @router.get(
        "/{number}", response={200: told}, operation_id=f"read_{name}", summary=f"Read: {title}",
        **needs(f"{name}:read", parameters=[fields_parameter(kind)]),
        description="One record as it is now.",
    )  # fmt: skip
    def read(request: HttpRequest, number: str) -> HttpResponseBase:
        wanted = asked_fields(kind, request)
        return answered(request, lambda: _answer(kind, found(kind, request, number), request.user, wanted=wanted))

    @router.patch(
        "/{number}", response={200: told}, operation_id=f"change_{name}", summary=f"Change: {title}",
        **needs(f"{name}:write"), description="Gives the record the facts that are named and leaves all others as they are.",
    )  # fmt: skip
    def change(request: HttpRequest, number: str, given: changed) -> HttpResponseBase:  # type: ignore[valid-type]
        facts = given.dict(exclude_unset=True)  # type: ignore[attr-defined]
        return once(request, lambda: _write(kind, request, number, facts, None))

    for step in kind.workflow.moves:
        _add_move(router, kind, step, told, shape_name)

    @router.post("/{number}/moves/{move}", include_in_schema=False, **needs(f"{name}:write"))
    def other_move(
        request: HttpRequest, number: str, move: str, given: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Moves of workflow versions that administrators made; all others end here too."""

        def think() -> Write:
            record = found(kind, request, number)
            return _write(kind, request, number, dict(given or {}), step_of(kind, record, move))

        return once(request, think)

    return router


def root() -> Router:
    """What lies below /api/v1 itself."""
    router = Router(tags=["about"])
    for endpoint in endpoints_of(None):
        add_endpoint(router, endpoint, None)
    return router


def _add_move(router: Router, kind: Kind, step: Move, told: Any, shape_name: str) -> None:
    camel = "".join(part.title() for part in step.name.split("_"))
    asked = given_shape(kind, (*step.needs, *step.asks), f"{shape_name}{camel}", because=True)

    @router.post(
        f"/{{number}}/moves/{step.name}", response={200: told}, **needs(f"{kind.name}:write"),
        operation_id=f"{step.name}_{kind.name}", summary=f"{step.title}: {kind.title}",
        description=f"Takes the record from {' or '.join(step.starts)} to {step.end}.",
    )  # fmt: skip
    def move(request: HttpRequest, number: str, given: asked | None = None) -> HttpResponseBase:  # type: ignore[valid-type]
        facts = given.dict(exclude_unset=True) if given else {}  # type: ignore[attr-defined]
        return once(request, lambda: _write(kind, request, number, facts, step))


def _record(kind: Kind, request: HttpRequest, given: dict[str, Any]) -> Write:
    person: Any = request.user
    permissions.require(person, "create", kind)
    thought = actions.record_thought(kind, by=person, **facts_from_plain(kind, given, person))

    def write() -> HttpResponse:
        made = thought.write()
        answer = _answer(kind, made, person, status=201)
        answer["Location"] = f"{request.path.rstrip('/')}/{made.number}"
        return answer

    return write


def _write(kind: Kind, request: HttpRequest, number: str, given: dict[str, Any], step: Move | None) -> Write:
    person: Any = request.user
    record = found(kind, request, number)
    because = given.pop("because", "") or ""
    expect, said = given.pop("expect", None), _comment_in(given)
    with as_told(request, kind):
        condition = condition_of(request, record, expect)
        if step is None:
            permissions.require(person, "change", kind)
            facts = facts_from_plain(kind, given, person)
            thought = actions.change_thought(record, by=person, because=because, expect=expect, **facts)
        else:
            permissions.require_move(person, kind, step)
            facts = facts_from_plain(kind, given, person, (*step.needs, *step.asks))
            thought = actions.move_thought(record, step.name, by=person, because=because, expect=expect, **facts)
        saying = said and actions.comment_thought(record, by=person, **what_is_said(record, said, by=person))

    def write() -> HttpResponse:
        with as_told(request, kind):
            written = thought.write(saying.write if saying else None, unless_seen=condition)
        return _answer(kind, written, person)

    return write


def _comment_in(given: dict[str, Any]) -> dict[str, Any] | None:
    """What is to be said beside; whoever takes a move of our own versions of a workflow was not checked yet."""
    said = given.pop("comment", None)
    try:
        return None if said is None else CommentGiven.model_validate(said).dict(exclude_unset=True)
    except ValidationError:
        says = _("A comment is an object with “text” and, for words among staff, “internal”.")
        raise InvalidFacts(says, {"comment": says}) from None


def _answer(kind: Kind, record: Record, person: Any, status: int = 200, wanted: tuple[str, ...] = ()) -> HttpResponse:
    return json_answer(only(as_plain(kind, record, to=person), wanted), status, version=record.version)
