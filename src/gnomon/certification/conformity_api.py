"""Addresses of certification by REST: what the records prove, now or as it was found on an earlier day."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Schema

from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.queries.conformity import NoRunThen, as_object, assess, moment_asked
from gnomon.governance.sealing.standing import warning
from gnomon.jobs.moments import written
from gnomon.organization.scopes import require_scope
from gnomon.records import permissions
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.refusals import InvalidFacts


class ConformityTold(Schema):
    """Verdicts as of a moment; `run` is empty when they were computed for this answer.

    `unproven` says why no verdict is proven, while a verification that found the ledger broken is not explained.
    """

    as_of: str
    run: str | None
    made: str | None
    unproven: str
    requirements: list[dict[str, Any]]


def conformity(call: Call) -> dict[str, Any]:
    """The verdict on each requirement; an earlier day is answered by the run made for it, and refused where there is none."""
    if not permissions.may(call.person, "read", CONFORMITY_RUN):
        raise Http404
    require_scope(call.scopes, "conformity_run:read")
    try:
        moment = moment_asked(call.query["as_of"]) if call.query.get("as_of") else None
    except ValueError as wrong:
        raise InvalidFacts(str(wrong), {"as_of": str(wrong)}) from None
    try:
        found = assess(moment, call.query.get("clause", ""))
    except LookupError as none:
        field = "as_of" if isinstance(none, NoRunThen) else "clause"
        raise InvalidFacts(str(none), {field: str(none)}) from None
    return {
        "as_of": written(found.as_of),
        "run": found.run.number if found.run else None,
        "made": found.run.method if found.run else None,
        "unproven": warning(),
        "requirements": [as_object(each, found) for each in found.outcomes],
    }


CONFORMITY = Endpoint(
    "get_conformity", "get", "conformity", conformity, "What the records prove of each requirement",
    tells=ConformityTold,
    parameters={
        "as_of": "A day (its end), as 2026-03-31, or a moment; now when left out.",
        "clause": "A clause or requirement, as 8.6.1 or 8.6.1-b.",
    },
)  # fmt: skip
