"""What must hold of runs, judgements and own limits, beyond what a column can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.certification import thresholds
from gnomon.certification.catalogue import catalogue, semantics
from gnomon.certification.models import ConformityRun, Judgement, Operation, PlannedActivity, RuleLimit
from gnomon.certification.windows import months_before
from gnomon.certification.workflows import ATTESTERS
from gnomon.records.actors import SYSTEM
from gnomon.records.authorship import author_of
from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts

JUDGED_FOR_MONTHS = 12


def prepare_run(record: Record, change: Change) -> dict[str, Any]:
    """A run comes from running the checks, never from a form."""
    assert isinstance(record, ConformityRun)
    if not record.digest:
        says = _("A run is made by “Check now” on the conformity board, not by hand.")
        raise InvalidFacts(says, {"title": says})
    return {}


def prepare_judgement(record: Record, change: Change) -> dict[str, Any]:
    """Who judges, when, and over which evidence follow from who writes and when; it lasts a year unless said."""
    assert isinstance(record, Judgement)
    if not change.creates:
        return {"withdrawn_at": change.at} if change.verb == "withdraw" else {}
    return {
        "judge": change.by.number,
        "judged_at": change.at,
        "evidence": _evidence_at(record.requirement, change.at),
        "valid_until": record.valid_until or months_before(change.at, -JUDGED_FOR_MONTHS),
        "title": record.title or f"{record.requirement}: {record.get_verdict_display()}",
    }


def _evidence_at(requirement: str, moment: datetime) -> str:
    from gnomon.certification.queries.live import examine_live

    try:
        catalogue().requirement(requirement)
    except LookupError:
        says = _("There is no requirement %(id)s; write it as 8.6.1-b.") % {"id": requirement}
        raise InvalidFacts(says, {"requirement": says}) from None
    return examine_live(moment, requirement)[0].evidence


def check_judgement(record: Record, change: Change) -> Mapping[str, str]:
    """A person judges what records cannot tell, for a year at most, and never on their own document.

    What is attested needs authority and a document.
    """
    assert isinstance(record, Judgement)
    if not change.creates:
        return {}
    faults: dict[str, str] = {}
    level = catalogue().requirement(record.requirement).level
    if level == "automatic":
        faults["requirement"] = _("The records alone decide %(id)s; nobody judges it.") % {"id": record.requirement}
    if level == "attested" and change.by is not SYSTEM and not set(ATTESTERS) & set(change.by.roles):
        faults["requirement"] = _("%(id)s is attested by the SMS manager or top management; ask one of them.") % {
            "id": record.requirement
        }
    if record.valid_until > months_before(record.judged_at, -JUDGED_FOR_MONTHS):
        faults["valid_until"] = _("A judgement is valid for twelve months at most.")
    if fault := _document_fault(record, level, change.by.number):
        faults["document"] = fault
    return faults


def _document_fault(judgement: Judgement, level: str, judge: str) -> str:
    document = judgement.document
    if document is None:
        return _("Link the published document that bears it out.") if level == "attested" else ""
    if document.status != "published":
        return _("%(number)s is not published. Link a published document.") % {"number": document.number}
    if judge in {author_of(document.number), document.owner.number if document.owner else ""}:
        return _("%(number)s is your own document. Have somebody else judge by it.") % {"number": document.number}
    return ""


def prepare_since(record: Record, change: Change) -> dict[str, Any]:
    """Own limits and plans hold from when they were set, until they are withdrawn."""
    assert isinstance(record, RuleLimit | PlannedActivity | Operation)
    if change.creates:
        return {"since": record.since or change.at, "title": record.title or _called(record)}
    return {"withdrawn_at": change.at} if change.verb == "withdraw" else {}


def check_rule_limit(record: Record, change: Change) -> Mapping[str, str]:
    """It sets as many numbers as the rule has, above zero, and a share only where the rule asks for one."""
    assert isinstance(record, RuleLimit)
    rule = catalogue().rules.get(f"{record.requirement}/{record.rule}")
    if rule is None:
        says = _("There is no rule %(rule)s of %(id)s.") % {"rule": record.rule, "id": record.requirement}
        return {"requirement": says}
    faults: dict[str, str] = {}
    if record.values and len(record.values) != len(rule.limits):
        faults["values"] = _("This rule has %(count)d limits; give as many numbers.") % {"count": len(rule.limits)}
    elif not all(isinstance(value, int | float) and value > 0 for value in record.values):
        faults["values"] = _("A limit is a number above zero.")
    if record.share is not None and thresholds.share_of(rule.threshold) is None:
        faults["share"] = _("This rule must hold for every record: the obligation leaves no share to set.")
    return faults


def check_planned_activity(record: Record, change: Change) -> Mapping[str, str]:
    """The activity is one that the catalogue knows."""
    assert isinstance(record, PlannedActivity)
    if record.activity in semantics().intervals:
        return {}
    known = ", ".join(semantics().intervals)
    return {"activity": _("There is no activity %(name)s; choose one of: %(known)s.") % {
        "name": record.activity, "known": known,
    }}  # fmt: skip


def _called(record: RuleLimit | PlannedActivity | Operation) -> str:
    if isinstance(record, RuleLimit):
        return f"{record.requirement}/{record.rule}"
    if isinstance(record, PlannedActivity):
        interval = semantics().intervals.get(record.activity)
        return str(interval.title) if interval else record.activity
    return _("Operation of the management system")
