"""Put the questions of the catalogue to the checks, and collect what they saw; nothing is stored here."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from gnomon.certification import numbers, thresholds, verdicts, windows
from gnomon.certification.catalogue import EvidenceRule, Requirement, semantics
from gnomon.certification.numbers import NONE, Numbers
from gnomon.certification.verdicts import Checked, Reason, Status, Verdict
from gnomon.certification.windows import UNTIED, Plan
from gnomon.standard.periods import Period
from gnomon.standard.plugs import EvidenceCheck, Finding, Limit, Question

log = logging.getLogger(__name__)
NOTHING = Finding(NONE, NONE, NONE)


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What the organization set for a rule in place of the catalogue's numbers."""

    values: tuple[float, ...] = ()
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The newest judgement on a requirement: what was said, by whom, over which evidence, until when."""

    number: str
    verdict: Status
    by: str
    evidence: str
    judged_at: datetime
    valid_until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an examination rests on beside the records: all as it stood at the moment asked about."""

    started_at: datetime | None = None
    plans: Mapping[str, Plan] = field(default_factory=dict)
    limits: Mapping[str, OwnLimits] = field(default_factory=dict)
    judgements: Mapping[str, Judged] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What came of one rule; `version` is 0 where no check looks at it."""

    rule: EvidenceRule
    verdict: Verdict
    version: int = 0
    period: Period | None = None
    threshold: str = ""
    limits: tuple[Limit, ...] = ()
    finding: Finding = NOTHING
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RequirementOutcome:
    """The verdict on a requirement with all that it rests on."""

    requirement: Requirement
    verdict: Verdict
    rules: tuple[RuleOutcome, ...]
    evidence: str
    judged: Judged | None = None

    @property
    def population(self) -> Numbers:
        """Records that its deciding checks looked at, each once."""
        return self._gathered(lambda finding: finding.population)

    @property
    def failed(self) -> Numbers:
        return self._gathered(lambda finding: finding.failed)

    @property
    def late(self) -> Numbers:
        """Records that were late in some deciding check and failed in none."""
        return self._gathered(lambda finding: finding.late) - self.failed

    def _gathered(self, part: Callable[[Finding], Sequence[str]]) -> Numbers:
        deciding = [each for each in self.rules if each.rule.decides] or list(self.rules)
        return reduce(or_, (Numbers.of(part(each.finding)) for each in deciding), NONE)


def examine(
    requirements: Iterable[Requirement],
    checks: Mapping[str, EvidenceCheck],
    *,
    as_of: datetime,
    ground: Ground,
    ask: Callable[[EvidenceCheck, Question], Finding] = lambda check, question: check.run(question),
) -> list[RequirementOutcome]:
    """The verdict on each requirement as of a moment, by the checks given (rule name → check)."""
    asking = _Asking(as_of, ground, ask)
    return [_requirement_outcome(each, checks, asking) for each in requirements]


def evidence_digest(rules: Iterable[RuleOutcome]) -> str:
    """What a person who judges has seen: verdicts, deviations, limits; and registers record by record.

    Populations of moving windows are left out: they change daily, and what was judged would lapse overnight.
    """
    seen = [
        [
            each.rule.name, each.version, each.verdict.status, each.threshold,
            [[limit.value, limit.unit] for limit in each.limits],
            numbers.digest(each.finding.late), numbers.digest(each.finding.failed),
            numbers.digest(each.finding.population) if each.rule.window == "none" else "",
        ]
        for each in rules
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(seen, separators=(",", ":")).encode()).hexdigest()


def plan_of(requirement: Requirement, ground: Ground) -> Plan:
    """How often its activity is repeated: as planned, else the catalogue's default."""
    if not requirement.interval:
        return UNTIED
    if planned := ground.plans.get(requirement.interval):
        return planned
    default = semantics().intervals[requirement.interval]
    return Plan(default.days, default.tolerance, planned=False)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What stays the same from one rule to the next."""

    as_of: datetime
    ground: Ground
    ask: Callable[[EvidenceCheck, Question], Finding]


def _requirement_outcome(
    requirement: Requirement, checks: Mapping[str, EvidenceCheck], asking: _Asking
) -> RequirementOutcome:
    plan = plan_of(requirement, asking.ground)
    rules = tuple(_rule_outcome(rule, checks.get(rule.name), plan, asking) for rule in requirement.rules)
    evidence = evidence_digest(rules)
    judged = _valid(asking.ground.judgements.get(requirement.id), requirement, evidence, asking.as_of)
    verdict = verdicts.requirement_verdict(
        requirement,
        [Checked(each.rule, each.verdict.status) for each in rules],
        judged=judged.verdict if judged else None,
    )
    return RequirementOutcome(requirement, verdict, rules, evidence, judged)


def _rule_outcome(rule: EvidenceRule, check: EvidenceCheck | None, plan: Plan, asking: _Asking) -> RuleOutcome:
    as_of, ground = asking.as_of, asking.ground
    period = windows.window_of(rule.window, as_of, plan, ground.started_at)
    own = ground.limits.get(rule.name, OwnLimits())
    limits = _limits(rule, own)
    threshold = rule.threshold if own.share is None else thresholds.with_share(rule.threshold, own.share)
    if check is None:
        return RuleOutcome(rule, Verdict(Status.NOT_CHECKED, Reason.NO_CHECK), 0, period, threshold, limits)
    due = verdicts.Due(
        planned=rule.window != "planned interval" or plan.planned,
        first_is_over=windows.first_is_over(rule.window, as_of, plan, ground.started_at),
    )
    began = time.perf_counter()
    finding, error = NOTHING, ""
    try:
        finding = verdicts.sound(asking.ask(check, Question(period=period, as_of=as_of, limits=limits)))
        verdict = verdicts.check_verdict(finding, rule, threshold=threshold, due=due)
    except Exception as trouble:  # one broken check must not hide the verdicts of all others: that is the promise
        log.exception("The evidence check %s failed to run.", rule.name)
        finding, verdict = NOTHING, Verdict(Status.ERROR, Reason.RAISED)
        error = f"{type(trouble).__name__}: {trouble}" if str(trouble) else type(trouble).__name__
    seconds = time.perf_counter() - began
    return RuleOutcome(rule, verdict, check.version, period, threshold, limits, finding, error, seconds)


def _limits(rule: EvidenceRule, own: OwnLimits) -> tuple[Limit, ...]:
    if len(own.values) != len(rule.limits):
        return rule.limits
    return tuple(Limit(value, limit.unit) for value, limit in zip(own.values, rule.limits, strict=True))


def _valid(judged: Judged | None, requirement: Requirement, evidence: str, as_of: datetime) -> Judged | None:
    # Who attests answers for it themselves; who judges the evidence adequate means the evidence that they saw.
    if judged is None or (requirement.level != "attested" and judged.evidence != evidence):
        return None
    return judged if judged.judged_at <= as_of < judged.valid_until else None
