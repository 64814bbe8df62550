"""Drafts: asked for when a form opens, kept while somebody types."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gnomon.records.drafts import LARGEST, LONGEST_PLACE, draft_at, keep_draft
from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.records.timelines import timeline
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.ui.render import render

SHOWN = 50


@require_http_methods(["GET", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """One's own draft of a form: read it, or put another in its place."""
    if request.method == "GET":
        place = request.GET.get("place", "")[:LONGEST_PLACE]
        draft = draft_at(person_of(request), place)
        if draft is None:
            return JsonResponse({})
        return JsonResponse({"values": draft.values, "version": draft.version, "at": moment_text(draft.saved_at)})
    try:
        told = _told(request)
        keep_draft(person_of(request), told["place"], told["values"], told["version"])
    except InvalidFacts as refused:
        return JsonResponse({"says": refused.says}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def since(request: HttpRequest, kind: Kind, number: str, version: int) -> HttpResponse:
    """What happened to a record since somebody began to write."""
    record = found(request, kind, number)
    if version >= 2**31:
        raise Http404(_("There is no such page."))
    entries = list(LedgerEntry.objects.filter(number=record.number, version__gt=version).order_by("-version")[:SHOWN])
    told = timeline(kind, record, entries, to=person_of(request), internal=is_staff(request, kind))
    return render(
        request, "records/since.html", partials={"dialog-body": "records/_since.html"}, kind=kind, record=record,
        entries=told, list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def _told(request: HttpRequest) -> dict[str, Any]:
    """The body of the request; InvalidFacts when it is no draft."""
    says = _("This is no draft that can be kept.")
    try:
        told = json.loads(request.body) if len(request.body) <= 8 * LARGEST else None
    except (ValueError, UnicodeDecodeError, RecursionError):
        told = None
    fits = (
        isinstance(told, dict) and isinstance(told.get("place"), str) and isinstance(told.get("values"), dict)
        and type(told.get("version", 0)) is int and 0 <= told.get("version", 0) < 2**31
    )  # fmt: skip
    if not fits or told is None:
        raise InvalidFacts(says, {"values": says})
    return {"place": told["place"], "values": told["values"], "version": told.get("version", 0)}
