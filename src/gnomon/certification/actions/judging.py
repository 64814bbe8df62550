"""A person judges what records alone cannot tell."""

from __future__ import annotations

from datetime import datetime

from gnomon.certification.kinds import JUDGEMENT
from gnomon.certification.models import Judgement
from gnomon.governance.models import Document
from gnomon.records.actions import record
from gnomon.standard.plugs import Actor


def judge(
    requirement: str,
    verdict: str,
    *,
    by: Actor,
    reason: str,
    document: Document | None = None,
    valid_until: datetime | None = None,
    at: datetime | None = None,
) -> Judgement:
    """Judge a requirement on the evidence that stands now; it lapses when that changes or its time is over."""
    facts = {"requirement": requirement, "verdict": verdict, "reason": reason, "document": document}
    until = {"valid_until": valid_until} if valid_until is not None else {}
    made = record(JUDGEMENT, by=by, at=at, because=reason, **facts, **until)
    assert isinstance(made, Judgement)
    return made
