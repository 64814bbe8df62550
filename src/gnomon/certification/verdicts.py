"""From what a check saw to a verdict, by the rules of catalogue/semantics.yaml; pure.

A check that saw nothing proves nothing: nothing here turns an empty population, a missing source, an
error or a missing check into conformity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gnomon.certification import thresholds
from gnomon.certification.catalogue.shapes import EvidenceRule, Requirement
from gnomon.certification.numbers import Numbers
from gnomon.certification.thresholds import Tally
from gnomon.standard.plugs import Finding


class Status(StrEnum):
    """What is true of a check or a requirement."""

    CONFORMING = "conforming"
    OBSERVATION = "observation"
    NONCONFORMING = "nonconforming"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"
    ERROR = "error"

    @property
    def proven(self) -> bool:
        """Whether it may be shown as met."""
        return self in {Status.CONFORMING, Status.OBSERVATION}

    @property
    def hinders(self) -> bool:
        """Whether it stands in the way of readiness."""
        return not self.settled

    @property
    def settled(self) -> bool:
        """Whether nothing stands in the way of readiness."""
        return self.proven or self is Status.NOT_APPLICABLE


class Reason(StrEnum):
    """Why a status is what it is; the sentence for people is made from it."""

    HELD = "held"
    DEVIATED = "deviated"
    MISSED = "missed"
    EMPTY = "empty"
    NOT_CONNECTED = "not_connected"
    IN_PART = "in_part"
    NOT_YET_DUE = "not_yet_due"
    INTERVAL_UNPLANNED = "interval_unplanned"
    RAISED = "raised"
    NO_CHECK = "no_check"
    NOT_ALL_CHECKED = "not_all_checked"
    JUDGEMENT_DUE = "judgement_due"
    JUDGED = "judged"
    NO_GROUND = "no_ground"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status and why."""

    status: Status
    reason: Reason


@dataclass(frozen=True, slots=True)
class Due:
    """Whether the interval that a rule looks at was planned, and whether a first one has ended."""

    planned: bool = True
    first_is_over: bool = True


AT_ANY_TIME = Due()


class FindingUnsound(ValueError):
    """A finding that contradicts itself; the check that made it is in error."""


def sound(finding: Finding) -> Finding:
    """The finding with its numbers sorted and each once; FindingUnsound when it names strangers."""
    population, failed = Numbers.of(finding.population), Numbers.of(finding.failed)
    late = Numbers.of(finding.late) - failed
    strangers = (late | failed) - population
    if strangers:
        raise FindingUnsound(f"The check named {strangers[0]}, which is not among the records that it looked at.")
    return replace(finding, population=population, late=late, failed=failed)


def check_verdict(finding: Finding, rule: EvidenceRule, *, threshold: str = "", due: Due = AT_ANY_TIME) -> Verdict:
    """What a sound finding says about its rule; `threshold` when the organization set its own.

    ThresholdUnreadable when the threshold asks for groups and the check named none.
    """
    if not finding.connected:
        return Verdict(Status.UNDETERMINED, Reason.NOT_CONNECTED)
    if not finding.population:
        return _empty(rule, due) if finding.whole else IN_PART
    tally = Tally(finding.seen, len(finding.failed), finding.groups)
    if not thresholds.met(thresholds.parse(threshold or rule.threshold), tally):
        return _missed(rule, finding, due)
    if not finding.whole:
        return IN_PART
    if finding.late or finding.failed:
        return Verdict(Status.OBSERVATION, Reason.DEVIATED)
    return Verdict(Status.CONFORMING, Reason.HELD) if due.planned else UNPLANNED


# What was seen holds, or there was nothing of it; of the rest nothing is known.
IN_PART = Verdict(Status.UNDETERMINED, Reason.IN_PART)
UNPLANNED = Verdict(Status.OBSERVATION, Reason.INTERVAL_UNPLANNED)


def _missed(rule: EvidenceRule, finding: Finding, due: Due) -> Verdict:
    # Before the first interval has ended a recurring record may be absent; a wrong one stays wrong.
    if not due.first_is_over and (rule.window == "planned interval" or not finding.failed):
        return Verdict(Status.UNDETERMINED, Reason.NOT_YET_DUE)
    return Verdict(Status.NONCONFORMING, Reason.MISSED)


def _empty(rule: EvidenceRule, due: Due) -> Verdict:
    if rule.on_empty == "nonconforming" and not due.first_is_over:
        return Verdict(Status.UNDETERMINED, Reason.NOT_YET_DUE)
    return Verdict(Status(rule.on_empty), Reason.EMPTY)


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule of a requirement with the status of its check."""

    rule: EvidenceRule
    status: Status


def requirement_verdict(
    requirement: Requirement, checked: Sequence[Checked], *, judged: Status | None = None
) -> Verdict:
    """What the checks of a requirement say together, with the judgement that is valid now, if any."""
    verdict = _by_records(checked)
    if requirement.level != "automatic":
        verdict = _with_judgement(verdict, judged)
    if verdict.status is Status.NONCONFORMING and not requirement.binds:
        return Verdict(Status.UNDETERMINED, Reason.NO_GROUND)
    return verdict


def _by_records(checked: Sequence[Checked]) -> Verdict:
    deciding = [each.status for each in checked if each.rule.decides]
    supporting = [each.status for each in checked if not each.rule.decides]
    if not deciding or all(status is Status.NOT_CHECKED for status in deciding):
        # A note has no deciding rule: what is supporting elsewhere is all there is to see.
        deciding = deciding or supporting
        if all(status is Status.NOT_CHECKED for status in deciding):
            return Verdict(Status.NOT_CHECKED, Reason.NO_CHECK)
    for status, verdict in WORST_DECIDES:
        if status in deciding:
            return verdict
    if all(status is Status.NOT_APPLICABLE for status in deciding):
        return Verdict(Status.NOT_APPLICABLE, Reason.EMPTY)
    if _deviates(deciding, supporting):
        return Verdict(Status.OBSERVATION, Reason.DEVIATED)
    return Verdict(Status.CONFORMING, Reason.HELD)


# What one deciding check makes of the whole requirement, the worst first.
WORST_DECIDES = (
    (Status.NONCONFORMING, Verdict(Status.NONCONFORMING, Reason.MISSED)),
    (Status.ERROR, Verdict(Status.ERROR, Reason.RAISED)),
    (Status.UNDETERMINED, Verdict(Status.UNDETERMINED, Reason.EMPTY)),
    (Status.NOT_CHECKED, Verdict(Status.UNDETERMINED, Reason.NOT_ALL_CHECKED)),
)


def _deviates(deciding: Iterable[Status], supporting: Iterable[Status]) -> bool:
    noticed = {Status.OBSERVATION, Status.NONCONFORMING, Status.ERROR}
    return Status.OBSERVATION in deciding or not noticed.isdisjoint(supporting)


def _with_judgement(verdict: Verdict, judged: Status | None) -> Verdict:
    if judged is Status.NONCONFORMING:
        return Verdict(Status.NONCONFORMING, Reason.JUDGED)
    if not verdict.status.proven:
        return verdict
    if judged is None:
        return Verdict(Status.UNDETERMINED, Reason.JUDGEMENT_DUE)
    if judged is Status.OBSERVATION:
        return Verdict(Status.OBSERVATION, Reason.JUDGED)
    return verdict
