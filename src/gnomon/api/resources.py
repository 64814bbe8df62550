"""One REST resource for each kind: list, record, read, change, move, comment.

No postponed annotations here: the shapes are made in the functions and the framework reads them there.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from gnomon.api.answers import json_answer
from gnomon.api.errors import NoSuchMove
from gnomon.api.openapi import list_parameters
from gnomon.api.operations import REFUSALS, add_endpoint, endpoints_of, found
from gnomon.api.schemas import CommentGiven, CommentTold, given_shape, page_shape, told_shape
from gnomon.records import actions, permissions
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind
from gnomon.records.listing import MOST, PAGE, Listing
from gnomon.records.models import Record
from gnomon.records.permissions import is_told
from gnomon.records.plain import as_plain, facts_from_plain, many_as_plain
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.workflow.tables import Move


def resource(kind: Kind) -> Router:
    """The routes of one kind."""
    router = Router(tags=[str(kind.name)])
    told, told_page = told_shape(kind), page_shape(kind)
    shape_name = told.__name__
    asked = given_shape(kind, kind.fields, f"{shape_name}Given")
    changed = given_shape(kind, kind.fields, f"{shape_name}Changed", because=True)

    # First, so that a word below the list is not taken for a number.
    for endpoint in endpoints_of(kind):
        add_endpoint(router, endpoint, kind)

    @router.get(
        "", response={200: told_page, **REFUSALS}, operation_id=f"list_{kind.name}", summary=f"List {kind.name}",
        openapi_extra={"parameters": list_parameters(kind)},
    )  # fmt: skip
    def list_records(request: HttpRequest) -> HttpResponse:
        flat = {name: values for name, values in request.GET.lists() if name not in {"limit", "cursor"}}
        split = {name: [part for value in values for part in value.split(",")] for name, values in flat.items()}
        listing = Listing(kind, _person(request), split)
        page = listing.page(request.GET.get("cursor", ""), _limit(request))
        shown = kind.model.objects.filter(pk__in=[record.pk for record in page.records])
        told_by_key = {row["number"]: row for row in many_as_plain(kind, shown, to=_person(request))}
        records = [told_by_key[record.number] for record in page.records]
        return json_answer({"records": records, "next": page.after or None})

    @router.post(
        "", response={201: told, **REFUSALS}, operation_id=f"record_{kind.name}", summary=f"Record {kind.name}"
    )
    def record(request: HttpRequest, given: asked) -> HttpResponse:  # type: ignore[valid-type]
        permissions.require(_person(request), "create", kind)
        facts = facts_from_plain(kind, given.dict(exclude_unset=True), _person(request))  # type: ignore[attr-defined]
        made = actions.record(kind, by=_person(request), **facts)
        answer = _answer(kind, made, _person(request), status=201)
        answer["Location"] = f"{request.path.rstrip('/')}/{made.number}"
        return answer

    @router.get(
        "/{number}", response={200: told, **REFUSALS}, operation_id=f"read_{kind.name}", summary=f"Read {kind.name}"
    )
    def read(request: HttpRequest, number: str) -> HttpResponse:
        return _answer(kind, found(kind, request, number), _person(request))

    @router.patch(
        "/{number}", response={200: told, **REFUSALS}, operation_id=f"change_{kind.name}", summary=f"Change {kind.name}"
    )
    def change(request: HttpRequest, number: str, given: changed) -> HttpResponse:  # type: ignore[valid-type]
        return _write(kind, request, number, given.dict(exclude_unset=True), None)  # type: ignore[attr-defined]

    for step in kind.workflow.moves:
        _add_move(router, kind, step, told, shape_name)

    @router.post("/{number}/moves/{move}", include_in_schema=False)
    def other_move(request: HttpRequest, number: str, move: str, given: dict[str, Any] | None = None) -> HttpResponse:
        """Moves of workflow versions that administrators made; all others end here too."""
        record = found(kind, request, number)
        try:
            step = kind.workflow_of(record).move(move)
        except LookupError:
            raise NoSuchMove(record, move) from None
        return _write(kind, request, number, dict(given or {}), step)

    @router.post(
        "/{number}/comments", response={201: CommentTold, **REFUSALS}, operation_id=f"comment_{kind.name}",
        summary=f"Comment {kind.name}",
    )  # fmt: skip
    def comment(request: HttpRequest, number: str, given: CommentGiven) -> HttpResponse:
        about = found(kind, request, number)
        said = actions.comment(about, given.text, by=_person(request), internal=given.internal)
        told_comment = {
            "number": about.number, "text": said.text, "internal": said.internal, "by": said.actor,
            "happened_at": moment_text(said.happened_at),
        }  # fmt: skip
        return json_answer(told_comment, status=201, etag=str(about.version))

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
        f"/{{number}}/moves/{step.name}", response={200: told, **REFUSALS},
        operation_id=f"{step.name}_{kind.name}", summary=f"{step.name} {kind.name}",
    )  # fmt: skip
    def move(request: HttpRequest, number: str, given: asked | None = None) -> HttpResponse:  # type: ignore[valid-type]
        return _write(kind, request, number, given.dict(exclude_unset=True) if given else {}, step)  # type: ignore[attr-defined]


def _write(kind: Kind, request: HttpRequest, number: str, given: dict[str, Any], step: Move | None) -> HttpResponse:
    person = _person(request)
    record = found(kind, request, number)
    because = given.pop("because", "") or ""
    expect = given.pop("expect", None)
    expect = _if_match(request) if expect is None else expect
    if step is None:
        permissions.require(person, "change", kind)
        facts = facts_from_plain(kind, given, person)
        return _answer(kind, actions.change(record, by=person, because=because, expect=expect, **facts), person)
    permissions.require_move(person, kind, step)
    facts = facts_from_plain(kind, given, person, (*step.needs, *step.asks))
    try:
        moved = actions.move(record, step.name, by=person, because=because, expect=expect, **facts)
    except StaleRecord as stale:
        stale.changed = {name: pair for name, pair in stale.changed.items() if is_told(person, kind, name)}
        raise
    return _answer(kind, moved, person)


def _answer(kind: Kind, record: Record, person: Any, status: int = 200) -> HttpResponse:
    return json_answer(as_plain(kind, record, to=person), status, etag=str(record.version))


def _if_match(request: HttpRequest) -> int | None:
    """The version that the client saw; a tag that is none of ours must not be taken for no tag at all."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    found = _ETAG.fullmatch(text)
    if found is None:
        says = _('If-Match takes the ETag of an answer, as "3".')
        raise InvalidFacts(says, {"If-Match": says})
    return int(found[1])


_ETAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", "")
    if text == "":
        return PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST):
        says = _("A page holds 1 to %(most)d records.") % {"most": MOST}
        raise InvalidFacts(says, {"limit": says})
    return int(text)


def _person(request: HttpRequest) -> Any:
    return request.user
