"""What helps to write a comment: people to name, ready replies."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind
from gnomon.records.mentions import offered
from gnomon.records.replies import replies_for, reply_text
from gnomon.records.texts import fault_of
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.ui.render import render


def mentionable(request: HttpRequest, kind: Kind, number: str) -> JsonResponse:
    """People to complete a mention with; nobody for requesters."""
    record = found(request, kind, number)
    asked = request.GET.get("q", "")[:60]
    return JsonResponse({"people": [] if fault_of(asked) else offered(record, asked, to=person_of(request))})


def replies(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """The ready replies that fit a record."""
    record = found(request, kind, number)
    if not is_staff(request, kind):
        raise Http404(_("There is no such page."))
    return render(
        request, "records/replies.html", partials={"dialog-body": "records/_replies.html"}, kind=kind, record=record,
        replies=replies_for(record, person_of(request)), here=record.get_absolute_url(),
        list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def reply(request: HttpRequest, kind: Kind, number: str, name: str) -> JsonResponse:
    """The words of one ready reply, with its gaps filled."""
    record = found(request, kind, number)
    text = reply_text(record, person_of(request), name) if is_staff(request, kind) else None
    if text is None:
        raise Http404(_("There is no such page."))
    return JsonResponse({"text": text})
