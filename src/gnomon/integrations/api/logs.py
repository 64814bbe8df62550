"""Event logs by REST, for process mining elsewhere."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase

from gnomon.integrations.logs import MEDIA_TYPES, XES, log_handed_out
from gnomon.organization.scopes import require_scope
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import kind_named

OWN = ("format", "language")


def exported(call: Call) -> HttpResponseBase:
    """The ledger of a kind as an event log; all other parameters narrow it as they do its list."""
    try:
        kind = kind_named(call.place["of_kind"])
    except LookupError:
        raise Http404 from None
    require_scope(call.scopes, f"{kind.name}:read")
    parameters = call.narrowing(OWN)
    return log_handed_out(kind, call.person, parameters, call.query.get("format") or XES)


EVENT_LOG = Endpoint(
    "event_log", "get", "event-logs/{of_kind}", exported, "The ledger of a kind as an event log",
    description="Each ledger entry is an event; people stand in it under pseudonyms. Whatever narrows the list of the "
    "kind narrows the log.",
    parameters={"format": f"one of {', '.join(MEDIA_TYPES)}; xes when it is left out"},
)  # fmt: skip
