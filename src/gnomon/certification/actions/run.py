"""Run the evidence checks and keep what they found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from gnomon.certification.catalogue import catalogue
from gnomon.certification.examination import RequirementOutcome, RuleOutcome
from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import (
    CarriedResult,
    CheckResult,
    ConformityRun,
    Method,
    NumberChunk,
    RequirementResult,
)
from gnomon.certification.numbers import Numbers
from gnomon.certification.queries.carrying import (
    Amending,
    Asked,
    carried_over,
    engine,
    ledger_position,
    written_turns,
)
from gnomon.certification.queries.live import asked_apart, examine_live
from gnomon.certification.queries.stored import digest_of
from gnomon.records import permissions
from gnomon.records.actions import record
from gnomon.standard.plugs import Actor, EvidenceCheck, Finding, Question


@dataclass(frozen=True, slots=True)
class Made:
    """When and how the outcomes of a run came to be."""

    as_of: datetime
    started_at: datetime
    clause: str = ""
    position: int | None = None
    amends: str = ""
    asked: Mapping[str, Asked] | None = None


def run_checks(
    as_of: datetime | None = None,
    clause: str = "",
    *,
    by: Actor,
    full: bool = False,
    now: datetime | None = None,
    progress: Callable[[str], None] = lambda _rule: None,
    kept: Callable[[ConformityRun], None] = lambda _run: None,
) -> ConformityRun:
    """Examine a clause (all of 4 to 10 when empty) as of a moment, and freeze what was seen.

    As of now, what the newest run saw is amended by what happened since, unless all is to be asked (`full`).
    `progress` is told each check before it is asked, `kept` the run in the transaction that keeps it.
    LookupError when the standard has no such clause.
    """
    permissions.require(by, "create", CONFORMITY_RUN)
    started_at = now or datetime.now(UTC)

    amending = Amending({} if full or as_of is not None else carried_over(engine()), ledger_position(), asked_apart)

    def ask(check: EvidenceCheck, question: Question) -> Finding:
        progress(check.name)
        return amending(check, question) if as_of is None else asked_apart(check, question)

    outcomes = examine_live(as_of or started_at, clause, ask=ask)
    with transaction.atomic():
        if as_of is not None:
            run = _keep(outcomes, Made(as_of, started_at, clause), by)
        else:
            made = Made(started_at, started_at, clause, amending.position, amending.amends, amending.asked)
            run = _keep(outcomes, made, by)
        kept(run)
    return run


def _keep(outcomes: list[RequirementOutcome], made: Made, by: Actor) -> ConformityRun:
    chunks: dict[str, bytes] = {}
    asked = made.asked or {}
    rules = [rule for outcome in outcomes for rule in outcome.rules if rule.version]
    checks = [_check_result(rule, asked.get(rule.rule.name), chunks) for rule in rules]
    requirements = [_requirement_result(outcome) for outcome in outcomes]
    run = record(
        CONFORMITY_RUN,
        by=by,
        title=f"{made.as_of:%Y-%m-%d %H:%M} UTC · {made.clause or '4–10'}",
        as_of=made.as_of,
        clause=made.clause,
        started_at=made.started_at,
        finished_at=max(datetime.now(UTC), made.started_at),
        engine=engine(),
        edition=catalogue().id,
        digest=digest_of(checks, requirements),
        counts=dict(sorted(Counter(each.status for each in requirements).items())),
        method=Method.AMENDED if made.amends else Method.FULL,
        amends=made.amends,
        position=made.position,
    )
    assert isinstance(run, ConformityRun)
    NumberChunk.keep(chunks)
    for check in checks:
        check.run = run
    for requirement in requirements:
        requirement.run = run
    CheckResult.objects.bulk_create(checks)
    RequirementResult.objects.bulk_create(requirements)
    if made.position is not None:
        _leave_for_the_next(run, made, rules)
    return run


def _leave_for_the_next(run: ConformityRun, made: Made, rules: list[RuleOutcome]) -> None:
    """From where the next run may go on, for each check that carries over."""
    results = {f"{each.requirement}/{each.rule}": each for each in run.checks.defer("packed_population")}
    kept = [
        CarriedResult(
            rule=each.rule.name, result=results[each.rule.name], as_of=made.as_of, asked_at=asked.asked_at,
            position=made.position or 0, turns=written_turns(asked.finding.turns),
        )
        for each in rules
        if (asked := (made.asked or {}).get(each.rule.name)) is not None
    ]  # fmt: skip
    names = ("result", "as_of", "asked_at", "position", "turns")
    CarriedResult.objects.bulk_create(kept, update_conflicts=True, unique_fields=("rule",), update_fields=names)


def _check_result(outcome: RuleOutcome, asked: Asked | None, chunks: dict[str, bytes]) -> CheckResult:
    assert outcome.period is not None
    finding = outcome.finding
    population, late, failed = (Numbers.of(part) for part in (finding.population, finding.late, finding.failed))
    return CheckResult(
        requirement=outcome.rule.requirement,
        rule=outcome.rule.position,
        check_version=outcome.version,
        period_start=outcome.period.start,
        period_end=outcome.period.end,
        threshold=outcome.threshold,
        limits=[[limit.value, limit.unit] for limit in outcome.limits],
        seen=len(population),
        population_digest=population.digest,
        packed_population=population.pack(chunks),
        late_count=len(late),
        late_digest=late.digest,
        packed_late=late.pack(chunks),
        failed_count=len(failed),
        failed_digest=failed.digest,
        packed_failed=failed.pack(chunks),
        asked=asked.again if asked else None,
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
