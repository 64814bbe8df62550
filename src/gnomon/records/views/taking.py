"""Take a record: one key on the list, no form."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions
from gnomon.records.kinds import Kind
from gnomon.records.refusals import NotAllowed, Refused
from gnomon.records.views.finding import expected, found, person_of


@require_POST
def take(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Assign a record to whoever asks; a list that sends the version it shows is refused when that is old."""
    record, person = found(request, kind, number), person_of(request)
    if "assignee" not in kind.fields:
        raise Http404(_("There is no such page."))
    plain = "application/json" in request.headers.get("Accept", "")
    try:
        actions.change(record, by=person, expect=expected(request), assignee=person)
    except Refused as refused:
        if not plain:
            raise
        return JsonResponse({"says": refused.says}, status=403 if isinstance(refused, NotAllowed) else 409)
    return HttpResponse(status=204) if plain else redirect(record)
