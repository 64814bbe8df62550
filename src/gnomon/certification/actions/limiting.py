"""The organization sets its own limits, intervals and start of operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from gnomon.certification.kinds import OPERATION, PLANNED_ACTIVITY, RULE_LIMIT
from gnomon.certification.models import Operation, PlannedActivity, RuleLimit
from gnomon.records.actions import record
from gnomon.standard.plugs import Actor


def set_limits(
    requirement: str,
    rule: int,
    *,
    by: Actor,
    values: Sequence[float] = (),
    share: Decimal | float | None = None,
    at: datetime | None = None,
    because: str = "",
) -> RuleLimit:
    """Put the organization's own numbers in place of a rule's defaults, from now (or `at`) on."""
    part = None if share is None else Decimal(str(share))
    made = record(
        RULE_LIMIT, by=by, at=at, because=because,
        requirement=requirement, rule=rule, values=list(values), share=part,
    )  # fmt: skip
    assert isinstance(made, RuleLimit)
    return made


def plan_activity(
    activity: str, days: int, *, by: Actor, tolerance_days: int = 0, at: datetime | None = None, because: str = ""
) -> PlannedActivity:
    """Plan how often an activity is repeated."""
    made = record(
        PLANNED_ACTIVITY, by=by, at=at, because=because, activity=activity, days=days, tolerance_days=tolerance_days
    )
    assert isinstance(made, PlannedActivity)
    return made


def begin_operation(since: datetime, *, by: Actor, because: str = "") -> Operation:
    """Say since when the management system is in operation."""
    made = record(OPERATION, by=by, because=because, since=since)
    assert isinstance(made, Operation)
    return made
