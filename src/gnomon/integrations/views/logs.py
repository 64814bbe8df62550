"""Event logs for process mining elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from gnomon.integrations.logs import log_handed_out
from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import kind_named


def export_log(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The ledger of a kind as an event log in one of the formats, for those who may export it; narrowed as its list is."""
    try:
        kind = kind_named(name)
    except LookupError:
        raise Http404 from None
    parameters: dict[str, Any] = {key: request.GET.getlist(key) for key in request.GET}
    return log_handed_out(kind, signed_in(request), parameters, form)
