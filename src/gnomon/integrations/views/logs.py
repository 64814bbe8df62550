"""Event logs for process mining elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from gnomon.integrations.ocel import object_log
from gnomon.integrations.xes import event_log
from gnomon.organization.sign_in import signed_in
from gnomon.records import permissions
from gnomon.records.kinds import kind_named


def export_log(request: HttpRequest, name: str) -> HttpResponseBase:
    """The ledger of a kind as XES, for those who may export it; narrowed as its list is."""
    return _exported(request, name, event_log, "xes", "application/xml; charset=utf-8")


def export_objects(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same as an object-centric log, OCEL 2.0 in JSON."""
    return _exported(request, name, object_log, "ocel.json", "application/json; charset=utf-8")


def _exported(
    request: HttpRequest, name: str, log: Callable[..., Iterator[str]], suffix: str, content_type: str
) -> HttpResponseBase:  # fmt: skip
    try:
        kind = kind_named(name)
    except LookupError:
        raise Http404 from None
    person = signed_in(request)
    permissions.require(person, "export", kind)
    parameters: dict[str, Any] = {key: request.GET.getlist(key) for key in request.GET}
    answer = StreamingHttpResponse(log(kind, person, parameters), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{kind.path}-{timezone.localdate():%Y-%m-%d}.{suffix}"'
    return answer
