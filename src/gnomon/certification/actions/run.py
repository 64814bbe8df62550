"""Run the evidence checks and keep what they found."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from django.db import transaction

from gnomon.certification import numbers
from gnomon.certification.catalogue import catalogue
from gnomon.certification.examination import RequirementOutcome, RuleOutcome
from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import CheckResult, ConformityRun, RequirementResult
from gnomon.certification.queries.live import examine_live
from gnomon.certification.queries.stored import digest_of
from gnomon.records import permissions
from gnomon.records.actions import record
from gnomon.standard.plugs import Actor


def run_checks(as_of: datetime | None = None, clause: str = "", *, by: Actor) -> ConformityRun:
    """Examine a clause (all of 4 to 10 when empty) as of a moment, and freeze what was seen.

    LookupError when the standard has no such clause.
    """
    permissions.require(by, "create", CONFORMITY_RUN)
    started_at = datetime.now(UTC)
    as_of = as_of or started_at
    outcomes = examine_live(as_of, clause)
    return _keep(outcomes, as_of, clause, started_at, by)


@transaction.atomic
def _keep(
    outcomes: list[RequirementOutcome], as_of: datetime, clause: str, started_at: datetime, by: Actor
) -> ConformityRun:
    checks = [_check_result(rule) for outcome in outcomes for rule in outcome.rules if rule.version]
    requirements = [_requirement_result(outcome) for outcome in outcomes]
    run = record(
        CONFORMITY_RUN,
        by=by,
        title=f"{as_of:%Y-%m-%d %H:%M} UTC · {clause or '4–10'}",
        as_of=as_of,
        clause=clause,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        engine=_engine(),
        edition=catalogue().id,
        digest=digest_of(checks, requirements),
        counts=dict(sorted(Counter(each.status for each in requirements).items())),
    )
    assert isinstance(run, ConformityRun)
    for check in checks:
        check.run = run
    for requirement in requirements:
        requirement.run = run
    CheckResult.objects.bulk_create(checks)
    RequirementResult.objects.bulk_create(requirements)
    return run


def _check_result(outcome: RuleOutcome) -> CheckResult:
    assert outcome.period is not None
    finding = outcome.finding
    return CheckResult(
        requirement=outcome.rule.requirement,
        rule=outcome.rule.position,
        check_version=outcome.version,
        period_start=outcome.period.start,
        period_end=outcome.period.end,
        threshold=outcome.threshold,
        limits=[[limit.value, limit.unit] for limit in outcome.limits],
        seen=finding.seen,
        population_digest=numbers.digest(finding.population),
        packed_population=numbers.pack(finding.population),
        late_count=len(finding.late),
        packed_late=numbers.pack(finding.late),
        failed_count=len(finding.failed),
        packed_failed=numbers.pack(finding.failed),
        groups=dict(finding.groups) if finding.groups is not None else None,
        status=outcome.verdict.status.value,
        reason=outcome.verdict.reason.value,
        error=outcome.error,
        seconds=outcome.seconds,
    )


def _requirement_result(outcome: RequirementOutcome) -> RequirementResult:
    return RequirementResult(
        requirement=outcome.requirement.id,
        status=outcome.verdict.status.value,
        reason=outcome.verdict.reason.value,
        seen=len(outcome.population),
        late_count=len(outcome.late),
        failed_count=len(outcome.failed),
        judgement=outcome.judged.number if outcome.judged else "",
        evidence=outcome.evidence,
    )


def _engine() -> str:
    try:
        return version("gnomon")
    except PackageNotFoundError:
        return "unknown"
