"""Event logs for process mining."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from gnomon.integrations.xes import event_log
from gnomon.organization.sign_in import signed_in
from gnomon.records import permissions
from gnomon.records.kinds import kind_named


def export_log(request: HttpRequest, name: str) -> HttpResponseBase:
    """The ledger of a kind as XES, for those who may export it."""
    try:
        kind = kind_named(name)
    except LookupError:
        raise Http404 from None
    person = signed_in(request)
    permissions.require(person, "export", kind)
    answer = StreamingHttpResponse(event_log(kind, person), content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind.path}-{timezone.localdate():%Y-%m-%d}.xes"'
    return answer
