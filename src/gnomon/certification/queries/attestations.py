"""What people judge and attest: where it is due, until when it counts, and why it no longer does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from gnomon.certification.catalogue import Requirement, catalogue
from gnomon.certification.models import Judgement, RequirementResult
from gnomon.certification.queries.ground import judgements_at
from gnomon.certification.queries.stored import newest_run
from gnomon.certification.verdicts import Reason, Status
from gnomon.certification.workflows import ATTESTERS
from gnomon.standard.plugs import Actor

REMINDED_BEFORE = timedelta(days=30)


class Standing(StrEnum):
    """Where the judgement of one requirement stands, what needs somebody first."""

    DUE = "due"
    LAPSED = "lapsed"
    LAPSING = "lapsing"
    VALID = "valid"
    WAITING = "waiting"

    @property
    def pressing(self) -> bool:
        """Whether somebody should judge now."""
        return self in {Standing.DUE, Standing.LAPSED, Standing.LAPSING}


@dataclass(frozen=True, slots=True)
class Attestation:
    """A requirement that a person judges or attests, with the newest judgement on it."""

    requirement: Requirement
    standing: Standing
    judgement: Judgement | None = None

    @property
    def says(self) -> str:
        """Where it stands, in a sentence."""
        return {
            Standing.DUE: _("The records hold; somebody has yet to judge them."),
            Standing.LAPSED: _("The last judgement no longer counts: its time is over, or the evidence has changed."),
            Standing.LAPSING: _("It lapses within thirty days."),
            Standing.VALID: _("It counts."),
            Standing.WAITING: _("The records are not there yet; a judgement alone proves nothing."),
        }[self.standing]


def attestations(now: datetime | None = None) -> list[Attestation]:
    """Every requirement of the levels assisted and attested, in the order of the standard, by the newest run."""
    now = now or datetime.now(UTC)
    run = newest_run(now)
    results = {each.requirement: each for each in run.requirements.all()} if run else {}
    newest = {each.requirement: each for each in judgements_at(now)}
    return [
        Attestation(each, _standing(each, newest.get(each.id), results.get(each.id), now), newest.get(each.id))
        for each in catalogue().requirements
        if each.level != "automatic"
    ]


def pressing(person: Actor, now: datetime | None = None) -> Sequence[Attestation]:
    """What a person should judge now: those that need authority only where they have it."""
    attests = not set(ATTESTERS).isdisjoint(person.roles)
    return [
        each
        for each in attestations(now)
        if each.standing.pressing and (attests or each.requirement.level == "assisted")
    ]


def _standing(
    requirement: Requirement, judgement: Judgement | None, result: RequirementResult | None, now: datetime
) -> Standing:
    if judgement is not None and _counts(requirement, judgement, result, now):
        return Standing.LAPSING if judgement.valid_until <= now + REMINDED_BEFORE else Standing.VALID
    if result is not None and result.reason == Reason.JUDGEMENT_DUE:
        return Standing.LAPSED if judgement is not None else Standing.DUE
    if judgement is not None and result is not None and Status(result.status).proven:
        return Standing.LAPSED
    return Standing.WAITING


def _counts(requirement: Requirement, judgement: Judgement, result: RequirementResult | None, now: datetime) -> bool:
    if not judgement.judged_at <= now < judgement.valid_until:
        return False
    return requirement.level == "attested" or result is None or result.evidence == judgement.evidence
