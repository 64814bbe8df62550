"""What earlier runs found, as it was found then."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from gnomon.certification.catalogue import catalogue
from gnomon.certification.examination import Judged, RequirementOutcome, RuleOutcome
from gnomon.certification.models import CheckResult, ConformityRun, Judgement, NumberChunk, RequirementResult
from gnomon.certification.numbers import is_chunk, references, unpack
from gnomon.certification.queries.ground import judged
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.jobs.moments import milliseconds
from gnomon.standard.clauses import is_within
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Finding

UNCHECKED = Verdict(Status.NOT_CHECKED, Reason.NO_CHECK)


def newest_run(
    as_of: datetime | None = None, clause: str = "", within: timedelta | None = None
) -> ConformityRun | None:
    """The newest run at or before a moment, now when none is given, that covered the clause; none older than `within`.

    A run dated ahead, by a clock that went wrong, speaks for no moment before its own.
    """
    runs: QuerySet[ConformityRun] = ConformityRun.objects.order_by("-as_of", "-id")
    runs = runs.filter(as_of__lte=as_of or datetime.now(UTC))
    if as_of is not None and within is not None:
        runs = runs.filter(as_of__gt=as_of - within)
    return runs.filter(clause__in=_covering(clause)).first()


def outcomes_of(run: ConformityRun, clause: str = "") -> list[RequirementOutcome]:
    """The outcomes that a run stored, in the order of the catalogue."""
    book = catalogue(run.edition)
    checks: dict[str, dict[int, CheckResult]] = defaultdict(dict)
    for check in run.checks.all():
        checks[check.requirement][check.rule] = check
    results = {result.requirement: result for result in run.requirements.all()}
    judgements = _judgements({result.judgement for result in results.values()} - {""})
    return [
        RequirementOutcome(
            requirement=requirement,
            verdict=Verdict(Status(result.status), Reason(result.reason)),
            rules=tuple(_outcome(rule, checks[requirement.id].get(rule.position)) for rule in requirement.rules),
            evidence=result.evidence,
            judged=judgements.get(result.judgement),
        )
        for requirement in book.within(clause)
        if (result := results.get(requirement.id)) is not None
    ]


def results_of(run: ConformityRun, clause: str = "") -> dict[str, RequirementResult]:
    """Verdicts and counts of a run by requirement, without the records behind them."""
    return {
        result.requirement: result
        for result in run.requirements.all()
        if not clause or result.requirement == clause or is_within(result.requirement, clause)
    }


def digest_of(checks: Iterable[CheckResult], requirements: Iterable[RequirementResult], *, asked: bool = True) -> str:
    """SHA-256 over all results of a run; it stands in the ledger, so a result altered later is noticed."""
    return hashlib.sha256(results_text(checks, requirements, asked=asked).encode()).hexdigest()


def results_text(
    checks: Iterable[CheckResult], requirements: Iterable[RequirementResult], *, asked: bool = True
) -> str:
    """All results of a run in the one form that its digest is taken of; people outside take it again.

    Not how long each check took: that is the machine's, not the records', and no verdict rests on it. Runs of
    before tell nothing of how many records were `asked` about again (`sealed_text`).
    """
    rows: list[list[Any]] = [
        [
            each.requirement, each.rule, each.check_version, milliseconds(each.period_start),
            milliseconds(each.period_end), each.threshold, each.limits, each.seen, each.population_digest,
            each.late_digest, each.failed_digest, each.groups, each.status, each.reason, each.error,
            *([each.asked] if asked else ()),
        ]
        for each in sorted(checks, key=lambda each: (each.requirement, each.rule))
    ]  # fmt: skip
    rows += [
        [
            each.requirement, each.status, each.reason, each.seen, each.late_count, each.failed_count,
            each.judgement, each.evidence,
        ]
        for each in sorted(requirements, key=lambda each: each.requirement)
    ]  # fmt: skip
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def sealed_text(run: ConformityRun) -> str:
    """The results of a run in the form in which its digest sealed them; in today's when neither is sealed."""
    checks, requirements = list(run.checks.all()), list(run.requirements.all())
    for asked in (True, False):
        text = results_text(checks, requirements, asked=asked)
        if hashlib.sha256(text.encode()).hexdigest() == run.digest:
            return text
    return results_text(checks, requirements)


def is_whole(run: ConformityRun) -> bool:
    """Whether the results below a run, their populations included, are those that it was sealed with."""
    checks = list(run.checks.all())
    packed = [part for each in checks for part in (each.packed_population, each.packed_late, each.packed_failed)]
    wanted = {where for part in packed for where in references(bytes(part))}
    kept = NumberChunk.contents(wanted)
    if any(where not in kept or not is_chunk(where, kept[where]) for where in wanted):
        return False
    told = [
        pair
        for each in checks
        for pair in (
            (each.population_digest, each.seen), (each.late_digest, each.late_count),
            (each.failed_digest, each.failed_count),
        )
    ]  # fmt: skip
    if [_digest_and_count(bytes(part), kept) for part in packed] != told:
        return False
    requirements = list(run.requirements.all())
    # No text of one form is one of the other, so whoever alters a result cannot choose between them.
    return run.digest in (digest_of(checks, requirements), digest_of(checks, requirements, asked=False))


def _digest_and_count(packed: bytes, chunks: Mapping[str, bytes]) -> tuple[str, int]:
    """The digest of a packed set and how many are in it; empty when it cannot be unpacked any more."""
    try:
        found = unpack(packed, chunks)
    except (LookupError, ValueError, zlib.error):
        return "", 0
    return found.digest, len(found)


def altered_runs() -> list[str]:
    """Numbers of the runs whose results are no longer those that the ledger sealed."""
    return [run.number for run in ConformityRun.objects.order_by("id").iterator() if not _holds(run)]


def altered_chunks() -> list[str]:
    """Digests of the kept parts of populations that are no longer what their digest says."""
    kept = NumberChunk.objects.order_by("digest").values_list("digest", "packed")
    return [digest for digest, packed in kept.iterator() if not is_chunk(digest, bytes(packed))]


def _holds(run: ConformityRun) -> bool:
    try:
        return is_whole(run)
    except (zlib.error, ValueError, TypeError, LookupError, ArithmeticError):
        return False  # what was packed cannot be read any more


def _covering(clause: str) -> list[str]:
    """The clauses whose runs answer for this one: itself and all above it."""
    own, _dash, _letter = clause.partition("-")
    parts = own.split(".") if own else []
    return ["", *(".".join(parts[:count]) for count in range(1, len(parts) + 1)), clause]


def _outcome(rule: Any, check: CheckResult | None) -> RuleOutcome:
    if check is None:
        return RuleOutcome(rule, UNCHECKED, threshold=rule.threshold, limits=rule.limits)
    return RuleOutcome(
        rule=rule,
        verdict=Verdict(Status(check.status), Reason(check.reason)),
        version=check.check_version,
        period=Period(check.period_start, check.period_end),
        threshold=check.threshold,
        limits=check.limits_used,
        finding=Finding(check.population, check.late, check.failed, groups=check.groups),
        error=check.error,
        seconds=check.seconds,
    )


def _judgements(numbers: set[str]) -> dict[str, Judged]:
    return {each.number: judged(each) for each in Judgement.objects.filter(number__in=numbers)}
