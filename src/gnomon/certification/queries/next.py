"""The next best action: what is deciding, cheap and due comes first, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log2

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.certification.catalogue import EvidenceRule, Requirement, catalogue, semantics
from gnomon.certification.models import CheckResult, ConformityRun, RequirementResult
from gnomon.certification.queries.attestations import Standing, attestations
from gnomon.certification.queries.live import declared_checks
from gnomon.certification.queries.stored import results_of
from gnomon.certification.verdicts import Reason, Status
from gnomon.ui.numbers import number_words

# Hours that an action takes, roughly: only their order matters.
OPEN_A_RECORD, MAKE_A_RECORD, JUDGE, PLAN, MEND = 0.2, 2.0, 0.5, 0.1, 4.0


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: a sentence, the page where it is done, and why it is worth it."""

    says: str
    url: str
    requirement: Requirement
    status: Status
    settles: bool
    effort: float

    @property
    def order(self) -> tuple[bool, bool, float, str]:
        """What stands against conformity before what is only noticed, what settles a requirement first, then effort."""
        return (not self.status.hinders, not self.settles, self.effort, self.requirement.id)


def next_actions(run: ConformityRun, most: int = 8) -> list[Action]:
    """The best things to do after a run."""
    results = results_of(run)
    checks = list(run.checks.defer("packed_population", "packed_late", "packed_failed"))
    found = [*_about_rules(run, results, checks), *_judging(results)]
    return sorted((each for each in found if each.requirement.binds), key=lambda each: each.order)[:most]


def _about_rules(
    run: ConformityRun, results: Mapping[str, RequirementResult], checks: list[CheckResult]
) -> Iterator[Action]:
    book = catalogue(run.edition)
    wrong = [each for each in checks if each.status not in {Status.CONFORMING, Status.NOT_APPLICABLE}]
    for each in wrong:
        requirement = book.requirement(each.requirement)
        rule = requirement.rules[each.rule - 1]
        result = results.get(each.requirement)
        if result is None:
            continue
        alone = sum(other.requirement == each.requirement for other in wrong) == 1
        settles = alone and requirement.level == "automatic" and result.reason != Reason.NOT_ALL_CHECKED
        declared = declared_checks().get(rule.name)
        settles = settles and not (declared and declared.lacks)
        if (said := _about_rule(run, rule, requirement, each)) is not None:
            yield Action(said[0], said[1], requirement, Status(each.status), settles and rule.decides, said[2])


def _about_rule(
    run: ConformityRun, rule: EvidenceRule, requirement: Requirement, check: CheckResult
) -> tuple[str, str, float] | None:
    page = reverse("certification-requirement", args=[requirement.id])
    says = str(declared_checks()[rule.name].says) if rule.name in declared_checks() else str(rule.says)
    if check.status == Status.ERROR:
        return _("The check “%(says)s” failed to run: have it mended.") % {"says": says}, page, MEND
    if check.reason == Reason.INTERVAL_UNPLANNED:
        activity = semantics().intervals[requirement.interval].title if requirement.interval else says
        return _("Plan how often this is done: %(activity)s.") % {"activity": activity}, f"{page}#interval", PLAN
    behind = ("failed", check.failed_count) if check.failed_count else ("late", check.late_count)
    if behind[1]:
        url = reverse("certification-behind", args=[run.number, requirement.id, rule.position, behind[0]])
        told = {"n": number_words(behind[1]), "says": says}
        return _deviating(*behind) % told, url, OPEN_A_RECORD * (1 + log2(behind[1])) * 2
    if check.reason in {Reason.NOT_YET_DUE, Reason.IN_PART}:
        return None
    source = catalogue().sources[rule.source]
    return _("Make the first record that this looks at (%(source)s): %(says)s.") % {"source": source, "says": says}, \
        page, MAKE_A_RECORD  # fmt: skip


def _deviating(part: str, n: int) -> str:
    if part == "failed":
        return ngettext(
            "Open %(n)s record that breaks this: %(says)s.", "Open %(n)s records that break this: %(says)s.", n
        )
    return ngettext(
        "Look at %(n)s record that was late in this: %(says)s.",
        "Look at %(n)s records that were late in this: %(says)s.",
        n,
    )


def _judging(results: Mapping[str, RequirementResult]) -> Iterator[Action]:
    for each in attestations():
        result = results.get(each.requirement.id)
        if result is None or not each.standing.pressing:
            continue
        url = reverse("certification-requirement", args=[each.requirement.id]) + "#judge"
        told = {"id": each.requirement.id, "text": each.requirement.text}
        if each.standing is Standing.LAPSING:
            yield Action(_("Judge %(id)s again before it lapses: %(text)s") % told, url, each.requirement,
                         Status(result.status), settles=False, effort=JUDGE)  # fmt: skip
        elif each.requirement.level == "attested":
            yield Action(_("Attest %(id)s: %(text)s") % told, url, each.requirement, Status.UNDETERMINED,
                         settles=True, effort=JUDGE)  # fmt: skip
        else:
            yield Action(_("Judge %(id)s, its records hold: %(text)s") % told, url, each.requirement,
                         Status.UNDETERMINED, settles=True, effort=JUDGE)  # fmt: skip
