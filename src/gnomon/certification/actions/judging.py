"""A person judges what records alone cannot tell."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from gnomon.certification.kinds import JUDGEMENT
from gnomon.certification.models import Judgement
from gnomon.certification.queries.live import examine_live
from gnomon.records import permissions
from gnomon.records.actions import record
from gnomon.standard.plugs import Actor


@transaction.atomic
def judge(
    requirement: str,
    verdict: str,
    *,
    by: Actor,
    reason: str,
    valid_until: datetime | None = None,
    at: datetime | None = None,
) -> Judgement:
    """Judge a requirement on the evidence that stands now; it lapses when that changes or its time is over.

    LookupError when the standard has no such requirement.
    """
    permissions.require(by, "create", JUDGEMENT)
    (outcome,) = examine_live(at or datetime.now(UTC), requirement)
    facts = {"requirement": requirement, "verdict": verdict, "reason": reason, "evidence": outcome.evidence}
    if valid_until is not None:
        facts["valid_until"] = valid_until  # type: ignore[assignment]
    made = record(JUDGEMENT, by=by, at=at, because=reason, **facts)
    assert isinstance(made, Judgement)
    return made
