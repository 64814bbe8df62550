"""What an examination rests on beside the records, as it stood at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gnomon.certification.examination import Ground, Judged, OwnLimits
from gnomon.certification.models import Judgement, Operation, PlannedActivity, RuleLimit
from gnomon.certification.verdicts import Status
from gnomon.certification.windows import Plan


def ground_at(as_of: datetime) -> Ground:
    """Own limits, plans, start of operation and judgements that stood at that moment."""
    started = _standing(Operation.objects.order_by("since"), as_of).first()
    return Ground(
        started_at=started.since if started else None,
        plans={
            each.activity: Plan(each.days, each.tolerance_days)
            for each in _standing(PlannedActivity.objects.order_by("since", "id"), as_of)
        },
        limits={
            f"{each.requirement}/{each.rule}": OwnLimits(
                tuple(float(value) for value in each.values), None if each.share is None else float(each.share)
            )
            for each in _standing(RuleLimit.objects.order_by("since", "id"), as_of)
        },
        judgements={each.requirement: judged(each) for each in judgements_at(as_of)},
    )


def judgements_at(as_of: datetime) -> QuerySet[Judgement]:
    """Judgements given and not withdrawn by then, older ones first; a later one takes the place of an earlier."""
    given: QuerySet[Judgement] = Judgement.objects.filter(judged_at__lte=as_of).order_by("judged_at", "id")
    return given.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of))


def judged(judgement: Judgement) -> Judged:
    """A stored judgement as the examination reads it."""
    return Judged(
        number=judgement.number,
        verdict=Status(judgement.verdict),
        by=judgement.judge,
        evidence=judgement.evidence,
        judged_at=judgement.judged_at,
        valid_until=judgement.valid_until,
        reason=judgement.reason,
    )


def _standing(rows: QuerySet[Any], as_of: datetime) -> QuerySet[Any]:
    return rows.filter(since__lte=as_of).filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of))
