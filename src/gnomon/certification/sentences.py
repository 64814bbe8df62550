"""Why a verdict is what it is, in a sentence for people, in their language."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.certification.catalogue import EvidenceRule, Requirement, catalogue
from gnomon.certification.queries.live import declared_checks
from gnomon.certification.thresholds import Sort, Term, parse
from gnomon.certification.verdicts import Reason, Status, Verdict


def rule_sentence(
    rule: EvidenceRule, verdict: Verdict, *, seen: int, late: int, failed: int, threshold: str = "", error: str = ""
) -> str:
    """Why one rule got its verdict."""
    if verdict.reason is Reason.EMPTY:
        return _empty(verdict.status)
    if verdict.reason is Reason.RAISED:
        return _("The check failed to run: %(error)s.") % {"error": error.rstrip(".")}
    if verdict.reason in COUNTED:
        return f"{_counted(seen, late, failed)} {_demanded(threshold or rule.threshold)}"
    if verdict.reason is Reason.IN_PART and seen:
        return f"{_counted(seen, late, failed)} {_plain(Reason.IN_PART)}"
    return _plain(verdict.reason)


COUNTED = {Reason.HELD, Reason.DEVIATED, Reason.MISSED}


def requirement_sentence(requirement: Requirement, verdict: Verdict, *, seen: int, late: int, failed: int) -> str:
    """Why a requirement got its verdict."""
    if verdict.reason in COUNTED:
        return _of_counts(verdict, seen, late, failed)
    if verdict.reason is Reason.EMPTY and verdict.status is Status.UNDETERMINED and seen:
        return _("Part of what decides this cannot be told from the records; the rest was seen.")
    if verdict.reason is Reason.EMPTY:
        return _empty(verdict.status)
    if verdict.reason is Reason.RAISED:
        return _("A deciding check failed to run, so nothing is proven; the requirement's page says what happened.")
    return _plain(verdict.reason)


def _of_counts(verdict: Verdict, seen: int, late: int, failed: int) -> str:
    if verdict.reason is Reason.MISSED and not failed:
        if not seen:
            return _empty(verdict.status)
        return ngettext(
            "The one record seen holds, but others that the requirement asks for are missing.",
            "The %(seen)s records seen hold, but others that the requirement asks for are missing.",
            seen,
        ) % {"seen": _figure(seen)}
    if verdict.reason is Reason.DEVIATED and not late + failed:
        return _("What decides holds; something that supports it, or a planned interval, is missing.")
    return _counted(seen, late, failed)


def next_step(requirement: Requirement, verdict: Verdict, *, failed: int, late: int) -> str:
    """What to do next about a requirement."""
    if verdict.reason is Reason.JUDGEMENT_DUE:
        return _("Look at the evidence and judge it on the page of the requirement.")
    if verdict.reason is Reason.JUDGED and verdict.status is Status.NONCONFORMING:
        return _("Read the judgement and begin a corrective action.")
    if verdict.status is Status.NONCONFORMING and failed:
        return ngettext(
            "Open the failed record and put right what is missing.",
            "Open the %(count)s failed records and put right what is missing.",
            failed,
        ) % {"count": _figure(failed)}
    return _step(verdict.status, deviates=bool(failed or late)) % {"kept": _to_keep(requirement, verdict.status)}


def _to_keep(requirement: Requirement, status: Status) -> str:
    """The records that a requirement rests on; of one that is not proven, those that nothing looks at yet."""
    checks = [(rule, declared_checks().get(rule.name)) for rule in requirement.rules]
    wanting = [
        str(check.lacks if check else catalogue().sources[rule.source])
        for rule, check in checks
        if check is None or check.lacks
    ]
    if status is Status.NONCONFORMING or not wanting:
        wanting = [str(catalogue().sources[rule.source]) for rule in requirement.rules]
    return _(", ").join(dict.fromkeys(wanting))


def _step(status: Status, *, deviates: bool) -> str:
    keep = _("Keep these records here, so that they can prove it: %(kept)s.")
    if status is Status.OBSERVATION and deviates:
        return _("Look at the records that failed or were late, before they become too many.")
    return {
        Status.NONCONFORMING: _("Make the records that are missing: %(kept)s."),
        Status.ERROR: _("Read what the check said on the page of the requirement, and have it mended."),
        Status.OBSERVATION: _("Plan the interval, or look at what supports the requirement."),
        Status.UNDETERMINED: keep,
        Status.NOT_CHECKED: keep,
    }.get(status, _("Nothing: the internal audit still samples the content."))


def threshold_words(threshold: str) -> str:
    """A threshold as people say it: `≥98%` is at least 98 % of the records."""
    return _(" and ").join(_term_words(term) for term in parse(threshold))


def _term_words(term: Term) -> str:
    if term.sort is Sort.SHARE:
        if term.number == 1:
            return _("all records")
        return _("at least %(share)s %% of the records") % {"share": _figure(float(term.number * 100))}
    return {
        Sort.COUNT: _("at least %(count)s records"),
        Sort.EACH: _("at least %(count)s in each group"),
        Sort.EXACTLY: _("exactly %(count)s"),
        Sort.NONE: _("no record against it"),
    }[term.sort] % {"count": term.number}


def _counted(seen: int, late: int, failed: int) -> str:
    if not late and not failed:
        return ngettext("The one record seen holds.", "All %(seen)s records seen hold.", seen) % {"seen": _figure(seen)}
    held = seen - failed
    told = _("%(held)s of %(seen)s records hold (%(share)s %%).") % {
        "held": _figure(held), "seen": _figure(seen), "share": _figure(_floored(held, seen)),
    }  # fmt: skip
    parts = []
    if failed:
        parts.append(ngettext("%(count)s failed", "%(count)s failed", failed) % {"count": _figure(failed)})
    if late:
        parts.append(ngettext("%(count)s was late", "%(count)s were late", late) % {"count": _figure(late)})
    return _("%(told)s %(parts)s.") % {"told": told, "parts": _(", ").join(parts)}


def _demanded(threshold: str) -> str:
    return _("Demanded: %(threshold)s.") % {"threshold": threshold_words(threshold)}


def _empty(status: Status) -> str:
    return {
        Status.NONCONFORMING: _("No such record exists, and without one the requirement is not met."),
        Status.NOT_APPLICABLE: _("Nothing of the kind happened in the period, so it does not apply."),
    }.get(status, _("There was nothing to look at in the period, so it cannot be told."))


def _plain(reason: Reason) -> str:
    return {
        Reason.NOT_CONNECTED: _("The records that this looks at are not kept here yet, so it cannot be told."),
        Reason.IN_PART: _("The rest of what the rule asks for is not kept here, so it cannot be told."),
        Reason.NOT_YET_DUE: _("Not yet due: the first interval since the start of operation is not over."),
        Reason.INTERVAL_UNPLANNED: _("It holds by the default interval; the organization has planned none of its own."),
        Reason.NO_CHECK: _("No check looks at this yet, so nothing is proven."),
        Reason.NOT_ALL_CHECKED: _("What was checked holds, but not every deciding rule has a check yet."),
        Reason.JUDGEMENT_DUE: _("The records hold; a named person has yet to judge whether they are adequate."),
        Reason.JUDGED: _("A named person judged so."),
        Reason.NO_GROUND: _("It does not hold, but a note can never be the ground of a nonconformity."),
    }[reason]


def _floored(held: int, seen: int) -> float:
    """The share in percent, cut to two decimals: 99.996 % must not read as 100 %."""
    return (held * 10_000 // seen) / 100 if seen else 0.0


def _figure(value: float) -> str:
    whole = int(value) == value
    return number_format(int(value) if whole else value, decimal_pos=None, use_l10n=True, force_grouping=True)
