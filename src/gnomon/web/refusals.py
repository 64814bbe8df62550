"""Refusals as pages."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import kind_of_number
from gnomon.records.queries import names_of
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed, NotYet, Refused, StaleRecord
from gnomon.ui.render import is_htmx, render
from gnomon.web.views.errors import not_found, said_in_place

STATUS: tuple[tuple[type[Refused], HTTPStatus], ...] = (
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (StaleRecord, HTTPStatus.CONFLICT),
    (MoveRefused, HTTPStatus.CONFLICT),
    (InvalidFacts, HTTPStatus.BAD_REQUEST),
    (NotYet, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.BAD_REQUEST),
)


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page that says a refusal; whoever may not know of a record is told that there is none."""
    if isinstance(refused, NotAllowed) and _is_hidden(request):
        return not_found(request)
    status = next(status for kind, status in STATUS if isinstance(refused, kind))
    if is_htmx(request):
        return said_in_place(request, refused.says, HTTPStatus.CONFLICT)
    answer = render(
        request, "web/refused.html", status=status, sentence=refused.says, reasons=_reasons(refused),
        heading=_HEADINGS[status](), back_url=request.path,
        again_url=request.get_full_path() if isinstance(refused, NotYet) else "",
    )  # fmt: skip
    if isinstance(refused, NotYet):
        answer["Refresh"] = answer["Retry-After"] = str(refused.again)
    return answer


_HEADINGS = {
    HTTPStatus.FORBIDDEN: lambda: _("You may not do this."),
    HTTPStatus.CONFLICT: lambda: _("This cannot be done as things are."),
    HTTPStatus.BAD_REQUEST: lambda: _("This cannot be done as it was asked."),
    HTTPStatus.SERVICE_UNAVAILABLE: lambda: _("This is being worked out."),
}


def _reasons(refused: Refused) -> list[str]:
    if isinstance(refused, InvalidFacts):
        return [says for says in refused.fields.values() if says not in refused.says]
    if isinstance(refused, StaleRecord) and refused.by:
        who = names_of([refused.by])[refused.by]
        return [_("%(person)s changed: %(fields)s.") % {"person": who, "fields": ", ".join(refused.changed) or "–"}]
    return []


def _is_hidden(request: HttpRequest) -> bool:
    number = request.resolver_match.kwargs.get("number") if request.resolver_match else None
    if not number:
        return False
    try:
        kind = kind_of_number(number)
    except LookupError:
        return True
    return not kind.model.objects.visible_to(signed_in(request)).filter(number=number).exists()
