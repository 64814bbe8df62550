"""One REST resource for each kind: list, record, read, change, move, comment.

No postponed annotations here: the shapes are made in the functions and the framework reads them there.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from gnomon.api.answers import json_answer
from gnomon.api.errors import Problem
from gnomon.api.schemas import CommentGiven, CommentTold, given_shape, page_shape, told_shape
from gnomon.records import actions
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind
from gnomon.records.listing import PAGE, Listing
from gnomon.records.models import Record
from gnomon.records.permissions import visible
from gnomon.records.plain import as_plain, facts_from_plain, many_as_plain
from gnomon.workflow.tables import Move

REFUSALS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def resource(kind: Kind) -> Router:
    """The routes of one kind."""
    router = Router(tags=[str(kind.name)])
    told, told_page = told_shape(kind), page_shape(kind)
    shape_name = told.__name__
    asked = given_shape(kind, kind.fields, f"{shape_name}Given")
    changed = given_shape(kind, kind.fields, f"{shape_name}Changed", because=True)

    @router.get("", response={200: told_page, **REFUSALS}, operation_id=f"list_{kind.name}", summary=f"List {kind.name}")
    def list_records(request: HttpRequest) -> HttpResponse:
        flat = {name: values for name, values in request.GET.lists() if name not in {"limit", "cursor"}}
        split = {name: [part for value in values for part in value.split(",")] for name, values in flat.items()}
        listing = Listing(kind, _person(request), split)
        page = listing.page(request.GET.get("cursor", ""), _limit(request))
        keys = [record.pk for record in page.records]
        told_by_key = {row["number"]: row for row in many_as_plain(kind, kind.model.objects.filter(pk__in=keys))}
        records = [told_by_key[record.number] for record in page.records]
        return json_answer({"records": records, "next": page.after or None})

    @router.post("", response={201: told, **REFUSALS}, operation_id=f"record_{kind.name}", summary=f"Record {kind.name}")
    def record(request: HttpRequest, given: asked) -> HttpResponse:  # type: ignore[valid-type]
        facts = facts_from_plain(kind, given.dict(exclude_unset=True), _person(request))  # type: ignore[attr-defined]
        made = actions.record(kind, by=_person(request), **facts)
        answer = _answer(kind, made, status=201)
        answer["Location"] = f"{request.path.rstrip('/')}/{made.number}"
        return answer

    @router.get("/{number}", response={200: told, **REFUSALS}, operation_id=f"read_{kind.name}", summary=f"Read {kind.name}")
    def read(request: HttpRequest, number: str) -> HttpResponse:
        return _answer(kind, _found(kind, request, number))

    @router.patch(
        "/{number}", response={200: told, **REFUSALS}, operation_id=f"change_{kind.name}", summary=f"Change {kind.name}"
    )
    def change(request: HttpRequest, number: str, given: changed) -> HttpResponse:  # type: ignore[valid-type]
        return _write(kind, request, number, given.dict(exclude_unset=True), None)  # type: ignore[attr-defined]

    for step in kind.workflow.moves:
        _add_move(router, kind, step, told, shape_name)

    @router.post(
        "/{number}/comments", response={201: CommentTold, **REFUSALS}, operation_id=f"comment_{kind.name}",
        summary=f"Comment {kind.name}",
    )  # fmt: skip
    def comment(request: HttpRequest, number: str, given: CommentGiven) -> HttpResponse:
        about = _found(kind, request, number)
        said = actions.comment(about, given.text, by=_person(request), internal=given.internal)
        told_comment = {
            "number": about.number, "text": said.text, "internal": said.internal, "by": said.actor,
            "happened_at": moment_text(said.happened_at),
        }  # fmt: skip
        return json_answer(told_comment, status=201, etag=str(about.version))

    return router


def _add_move(router: Router, kind: Kind, step: Move, told: Any, shape_name: str) -> None:
    camel = "".join(part.title() for part in step.name.split("_"))
    asked = given_shape(kind, (*step.needs, *step.asks), f"{shape_name}{camel}", because=True)

    @router.post(
        f"/{{number}}/moves/{step.name}", response={200: told, **REFUSALS},
        operation_id=f"{step.name}_{kind.name}", summary=f"{step.name} {kind.name}",
    )  # fmt: skip
    def move(request: HttpRequest, number: str, given: asked | None = None) -> HttpResponse:  # type: ignore[valid-type]
        return _write(kind, request, number, given.dict(exclude_unset=True) if given else {}, step)  # type: ignore[attr-defined]


def _write(kind: Kind, request: HttpRequest, number: str, given: dict[str, Any], step: Move | None) -> HttpResponse:
    person = _person(request)
    record = _found(kind, request, number)
    because = given.pop("because", "") or ""
    expect = given.pop("expect", None)
    expect = _if_match(request) if expect is None else expect
    allowed = (*step.needs, *step.asks) if step is not None else ()
    facts = facts_from_plain(kind, given, person, allowed)
    if step is None:
        return _answer(kind, actions.change(record, by=person, because=because, expect=expect, **facts))
    return _answer(kind, actions.move(record, step.name, by=person, because=because, expect=expect, **facts))


def _found(kind: Kind, request: HttpRequest, number: str) -> Record:
    query: Any = visible(kind.model.objects.all(), _person(request))
    record: Record | None = query.filter(number=number.upper()).first()
    if record is None:
        raise Http404
    return record


def _answer(kind: Kind, record: Record, status: int = 200) -> HttpResponse:
    return json_answer(as_plain(kind, record), status, etag=str(record.version))


def _if_match(request: HttpRequest) -> int | None:
    text = request.headers.get("If-Match", "").strip('W/" ')
    return int(text) if text.isdigit() and len(text) < 10 else None


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", "")
    return int(text) if text.isdigit() and len(text) < 6 else PAGE


def _person(request: HttpRequest) -> Any:
    return request.user
