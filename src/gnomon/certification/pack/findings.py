"""What a run found within the scope: verdicts, checks, their frozen lists, and the samples drawn from these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

from gnomon.certification.catalogue import EvidenceRule, Requirement, Words, catalogue
from gnomon.certification.models import CheckResult, ConformityRun, RequirementResult
from gnomon.certification.numbers import NONE
from gnomon.certification.pack.order import Order
from gnomon.certification.pack.parts import Lists, both
from gnomon.certification.queries.stored import UNCHECKED
from gnomon.certification.samples import Ranking
from gnomon.certification.sentences import requirement_sentence, rule_sentence
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.jobs.moments import written

Narrow = Callable[[Sequence[str]], Sequence[str]]


class Findings:
    """The part of a run that a pack tells, clause by clause.

    `wanted` fills while it is read: number of a record → the rules that it is a sample for. `narrow` keeps of a
    population what belongs to the services asked for, and is None when all do.
    """

    def __init__(self, run: ConformityRun, order: Order, lists: Lists, narrow: Narrow | None = None) -> None:
        self.run, self.order, self.lists, self.narrow = run, order, lists, narrow
        self.wanted: dict[str, list[str]] = defaultdict(list)
        self.judgements: set[str] = set()
        self.samples: set[str] = set()
        self.runs: set[str] = set()
        self._results = {result.requirement: result for result in run.requirements.all()}
        self._checks: dict[str, dict[int, CheckResult]] = defaultdict(dict)
        for check in run.checks.all():
            self._checks[check.requirement][check.rule] = check

    @cached_property
    def _ranking(self) -> Ranking:
        told = [
            each for checks in self._checks.values() for each in checks.values() if self.order.covers(each.requirement)
        ]
        return Ranking(reduce(or_, (check.population for check in told), NONE), self.order.seed)

    def clauses(self) -> Iterator[dict[str, Any]]:
        """The clauses in the order of the standard, those without a requirement in scope left out."""
        for clause in catalogue(self.run.edition).clauses:
            told = [self._requirement(each) for each in clause.requirements if self._tells(each)]
            if told:
                yield {"id": clause.id, "title": _words(clause.title), "requirements": told}

    def _tells(self, requirement: Requirement) -> bool:
        return requirement.id in self._results and self.order.covers(requirement.id)

    def _requirement(self, asked: Requirement) -> dict[str, Any]:
        result = self._results[asked.id]
        checks = self._checks[asked.id]
        if result.judgement:
            self.judgements.add(result.judgement)
        return {
            "id": asked.id,
            "ref": asked.ref,
            "text": _words(asked.text),
            "level": asked.level,
            "documented": asked.documented,
            "binds": asked.binds,
            **_verdict_of(asked, result),
            "judgement": result.judgement,
            "rules": [self._rule(rule, checks.get(rule.position)) for rule in asked.rules],
        }

    def _rule(self, rule: EvidenceRule, check: CheckResult | None) -> dict[str, Any]:
        told: dict[str, Any] = {
            "rule": rule.position,
            "weight": rule.weight,
            "window": rule.window,
            "when_empty": rule.on_empty,
            "source": _words(catalogue(self.run.edition).sources[rule.source]),
            "says": _words(rule.says),
        }
        if check is None:
            return told | {
                "status": UNCHECKED.status.value,
                "reason": UNCHECKED.reason.value,
                "because": both(lambda: rule_sentence(rule, UNCHECKED, seen=0, late=0, failed=0)),
            }
        return told | self._checked(rule, check)

    def _checked(self, rule: EvidenceRule, check: CheckResult) -> dict[str, Any]:
        verdict = Verdict(Status(check.status), Reason(check.reason))
        parts = {"seen": check.population, "late": check.late, "failed": check.failed}
        told = {
            "status": check.status,
            "reason": check.reason,
            "because": both(
                lambda: rule_sentence(
                    rule, verdict, seen=check.seen, late=check.late_count, failed=check.failed_count,
                    threshold=check.threshold, error=check.error,
                )
            ),
            "check_version": check.check_version,
            "from": written(check.period_start),
            "to": written(check.period_end),
            "threshold": check.threshold,
            "limits": check.limits,
            "error": check.error,
            **{name: self.lists.keep(part) for name, part in parts.items()},
        }  # fmt: skip
        return told | {"samples": self._samples(rule, parts)}

    def _samples(self, rule: EvidenceRule, parts: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
        """A sample of what was seen, and of what deviated, each where there is anything to draw from."""
        drawn = []
        for of, part in parts.items():
            among = part if self.narrow is None else self.narrow(part)
            if not among:
                continue
            numbers = self._ranking.draw(among, self.order.sample_size)
            for number in numbers:
                self._want(number, rule.name)
            drawn.append({"of": of, "among": self.lists.keep(among), "numbers": numbers})
        return drawn

    def want_all(self, numbers: Sequence[str], rule: str) -> None:
        """The records of a sample that somebody drew, as far as they belong to the services asked for."""
        for number in numbers if self.narrow is None else self.narrow(numbers):
            self._want(number, rule)

    def _want(self, number: str, rule: str) -> None:
        """A number may name a part of a record: SLA-000001/respond is in SLA-000001."""
        rules = self.wanted[number.partition("/")[0]]
        if rule not in rules:
            rules.append(rule)


def counts_of(clauses: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many requirements of these clauses have which verdict."""
    counted: dict[str, int] = defaultdict(int)
    for clause in clauses:
        for requirement in clause["requirements"]:
            counted[requirement["status"]] += 1
    return dict(sorted(counted.items()))


def clause_titles(run: ConformityRun) -> dict[str, dict[str, str]]:
    """Titles of all clauses and groups, for the tree."""
    return {number: _words(title) for number, title in catalogue(run.edition).titles.items()}


def _verdict_of(asked: Requirement, result: RequirementResult) -> dict[str, Any]:
    verdict = Verdict(Status(result.status), Reason(result.reason))
    told = {"seen": result.seen, "late": result.late_count, "failed": result.failed_count}
    return {
        "status": result.status,
        "reason": result.reason,
        "because": both(lambda: requirement_sentence(asked, verdict, **told)),
        **told,
    }


def _words(words: Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}
