"""Conformity as plain data: one object a requirement, for the command line and other machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.certification.catalogue import catalogue
from gnomon.certification.examination import RequirementOutcome, RuleOutcome
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries.carrying import Amending, carried_over, engine, ledger_position
from gnomon.certification.queries.live import NoSuchClause, asked_apart, declared_checks, examine_live
from gnomon.certification.queries.stored import newest_run, outcomes_of
from gnomon.certification.sentences import requirement_sentence, rule_sentence
from gnomon.jobs.moments import EPOCH, written

# Runs are made nightly; an older one would pass off what was true the day before yesterday.
SPEAKS_FOR = timedelta(hours=36)


class NoRunThen(LookupError):
    """No run was made for the moment asked about."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Verdicts as of a moment: from the run that froze them then, or computed now (`run` is None)."""

    as_of: datetime
    run: ConformityRun | None
    outcomes: Sequence[RequirementOutcome]


def assess(as_of: datetime | None = None, clause: str = "") -> Assessment:
    """Conformity as of a moment, now when none is given.

    An earlier moment is answered by the run that was made for it, at most a day and a half before, and never
    computed anew: NoRunThen when there is none. LookupError when there is no such clause.
    """
    now = datetime.now(UTC)
    if as_of is None or as_of >= now:
        amending = Amending(carried_over(engine()), ledger_position(), asked_apart)
        return Assessment(now, None, examine_live(now, clause, ask=amending))
    if not any(True for _each in catalogue().within(clause)):
        raise NoSuchClause(clause)
    run = newest_run(as_of, clause, within=SPEAKS_FOR)
    if run is None or not (outcomes := outcomes_of(run, clause)):
        raise NoRunThen(_no_run_then(as_of, clause))
    return Assessment(run.as_of, run, outcomes)


def _no_run_then(as_of: datetime, clause: str) -> str:
    before = newest_run(as_of, clause)
    told = {
        "moment": written(as_of),
        "run": before.number if before else "",
        "as_of": written(before.as_of) if before else "",
    }
    if before is None:
        return _("No run of the checks was made by %(moment)s, so nothing can be said of then.") % told
    return (
        _(
            "No run of the checks speaks for %(moment)s. The last one before it, %(run)s, is as of %(as_of)s: ask for that."
        )
        % told
    )


def conformity(as_of: datetime | None = None, clause: str = "") -> list[dict[str, Any]]:
    """One object a requirement: its status, and the records seen, late and failed behind it."""
    assessment = assess(as_of, clause)
    return [as_object(outcome, assessment) for outcome in assessment.outcomes]


def moment_asked(text: str) -> datetime:
    """The moment that `2016-05-31` (the end of that day here) or an RFC 3339 time means.

    ValueError with a sentence when it is neither, or lies where no record can.
    """
    try:
        moment = _moment(text)
    except OverflowError:
        moment = EPOCH
    if moment <= EPOCH:
        raise ValueError(f"“{text}” lies where no record can; name a day from 1970 on.")
    return moment


def _moment(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
        return (midnight + timedelta(days=1)).astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; write it as 2026-01-31 or 2026-01-31T18:00:00+08:00.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.get_default_timezone())
    return moment.astimezone(UTC)


def as_object(outcome: RequirementOutcome, assessment: Assessment) -> dict[str, Any]:
    """A requirement's verdict as plain data."""
    requirement, verdict = outcome.requirement, outcome.verdict
    seen, late, failed = len(outcome.population), outcome.late, outcome.failed
    return {
        "requirement": requirement.id,
        "clause": requirement.clause,
        "ref": requirement.ref,
        "title": str(requirement.text),
        "level": requirement.level,
        "status": verdict.status.value,
        "reason": verdict.reason.value,
        "because": requirement_sentence(requirement, verdict, seen=seen, late=len(late), failed=len(failed)),
        "seen": seen,
        "late": list(late),
        "failed": list(failed),
        "as_of": written(assessment.as_of),
        "run": assessment.run.number if assessment.run else None,
        "made": assessment.run.method if assessment.run else None,
        "judgement": outcome.judged.number if outcome.judged else None,
        "checks": [_check_object(each) for each in outcome.rules],
    }


def _check_object(outcome: RuleOutcome) -> dict[str, Any]:
    rule, verdict, finding = outcome.rule, outcome.verdict, outcome.finding
    check = declared_checks().get(rule.name)
    return {
        "rule": rule.name,
        "source": rule.source,
        "says": str(check.says) if check else str(rule.says),
        "lacks": str(check.lacks) if check else "",
        "weight": rule.weight,
        "status": verdict.status.value,
        "reason": verdict.reason.value,
        "because": rule_sentence(
            rule, verdict, seen=finding.seen, late=len(finding.late), failed=len(finding.failed),
            threshold=outcome.threshold, error=outcome.error,
        ),
        "window": rule.window,
        "from": written(outcome.period.start) if outcome.period else None,
        "to": written(outcome.period.end) if outcome.period else None,
        "threshold": outcome.threshold,
        "limits": [{"value": limit.value, "unit": limit.unit} for limit in outcome.limits],
        "version": outcome.version or None,
        "seen": finding.seen,
        "late": list(finding.late),
        "failed": list(finding.failed),
    }  # fmt: skip
