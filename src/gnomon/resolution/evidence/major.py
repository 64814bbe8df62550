"""Major incidents: criteria, procedure, and what is owed when one happens (8.6.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import Receipt
from gnomon.jobs.moments import MILLISECOND
from gnomon.organization.queries.people import people_holding
from gnomon.organization.roles import TOP_MANAGEMENT
from gnomon.records.models import LedgerEntry
from gnomon.records.queries.known import Known, known_at
from gnomon.resolution.evidence.populations import (
    NOT_COUNTED,
    after,
    asked_about,
    finding,
    incidents_with,
    not_by,
    still_has_time,
)
from gnomon.resolution.evidence.working_days import end_of_working_day, office_calendar
from gnomon.resolution.models import MajorIncidentReview
from gnomon.standard.deadlines import kept
from gnomon.standard.plugs import Finding, Question, evidence


@evidence("8.6.1-g", _("What makes an incident a major one is laid down and approved"))
def criteria_for_major_incidents_are_approved(question: Question) -> Finding:
    approved, drafted = _criteria(question.as_of)
    if not approved:
        return Finding([each.number for each in drafted], failed=[each.number for each in drafted])
    empty = [each.number for each in approved if not str(each.facts.get("criteria", "")).strip()]
    return Finding([each.number for each in approved], failed=empty)


@evidence("8.6.1-h", _("The procedure for major incidents is a published document"))
def procedure_for_major_incidents_is_published(question: Question) -> Finding:
    return _written_down(question.as_of)


@evidence(
    "7.5.4-k",
    _("The procedure for major incidents is a published document"),
    lacks=_("the procedures for a major loss of service and for the return to normal"),
)
def procedures_are_written_down(question: Question) -> Finding:
    return replace(_written_down(question.as_of), whole=False)


@evidence("8.6.1-i", _("Incidents that meet the criteria were declared major in time"))
def major_incidents_are_declared(question: Question) -> Finding:
    (limit,) = question.limits
    meeting = incidents_with("meets_major_criteria_at", question)
    due = meeting.exclude(still_has_time("major_declared_at", "meets_major_criteria_at", limit, question))
    return finding(
        due,
        failed=Q(is_major=False) | not_by("major_declared_at", question),
        late=Q(major_declared_at__gt=after("meets_major_criteria_at", limit)),
    )


@evidence("8.6.1-j", _("Top management was informed of each major incident in time"))
def top_management_is_informed(question: Question) -> Finding:
    (limit,) = question.limits
    declared = incidents_with("major_declared_at", question).filter(is_major=True)
    due = declared.exclude(still_has_time("management_informed_at", "major_declared_at", limit, question))
    return finding(
        due,
        failed=not_by("management_informed_at", question),
        late=Q(management_informed_at__gt=after("major_declared_at", limit)),
    )


@evidence("8.6.1-j", _("Top management was written to about each major incident"), rule=2)
def top_management_is_written_to(question: Question) -> Finding:
    """By the messages about each; who is of top management is read as it is known now.

    Somebody of top management who declared it needed no message, and an imported history sent none of ours.
    """
    majors = incidents_with("major_declared_at", question).filter(is_major=True, external_number="")
    numbers = list(majors.values_list("number", flat=True))
    top = set(people_holding(TOP_MANAGEMENT).values_list("number", flat=True))
    written = set(
        Receipt.objects.filter(
            message__number__in=numbers, message__what="major", message__told_at__lte=question.as_of, person__in=top
        ).values_list("message__number", flat=True)
    )
    declared = LedgerEntry.objects.filter(number__in=numbers, verb="incident:declare_major", actor__in=top)
    written |= set(declared.values_list("number", flat=True))
    return Finding(numbers, failed=[number for number in numbers if number not in written])


@evidence("8.6.1-k", _("Each major incident got its manager in time"))
def major_incidents_have_a_manager(question: Question) -> Finding:
    """When the manager was named is in the ledger."""
    (limit,) = question.limits
    majors = incidents_with("major_declared_at", question).filter(is_major=True)
    declared: dict[str, datetime] = dict(majors.values_list("number", "major_declared_at"))
    named = _manager_named_at(list(declared), question.as_of)
    dues = ((number, declared_at + limit.length, named.get(number)) for number, declared_at in declared.items())
    return kept(dues, question.as_of)


@evidence("8.6.1-l", _("Each major incident was reported on and reviewed for improvements in time"))
def major_incidents_are_reviewed(question: Question) -> Finding:
    """Working days are those of the office hours; the day of the resolution itself does not count."""
    (limit,) = question.limits
    # Majors are few: the window is held to them here, since a database may go through all that were resolved in it.
    majors = asked_about(question).filter(is_major=True, major_declared_at__lte=question.as_of)
    resolved = majors.exclude(status__in=NOT_COUNTED).values_list("number", "resolved_at")
    within = {number: at for number, at in resolved if at is not None and at in question.period}
    calendar = office_calendar()
    reviews = _reviews(question.as_of)
    dues = (
        # Midnight is the first moment of the day after.
        (number, end_of_working_day(at, int(limit.value), calendar) - MILLISECOND, _done_at(reviews.get(number, ())))
        for number, at in within.items()
    )
    return kept(dues, question.as_of)


def _written_down(as_of: datetime) -> Finding:
    """The approved criteria, of which those fail whose procedure is no published document."""
    approved, _drafted = _criteria(as_of)
    documents = known_at("document", as_of) if approved else {}
    published = {number for number, document in documents.items() if document.status == "published"}
    return Finding(
        [each.number for each in approved],
        failed=[each.number for each in approved if each.facts.get("procedure") not in published],
    )


def _criteria(as_of: datetime) -> tuple[list[Known], list[Known]]:
    known = known_at("major_incident_criteria", as_of).values()
    return [each for each in known if each.status == "approved"], [each for each in known if each.status == "drafted"]


def _manager_named_at(numbers: Sequence[str], as_of: datetime) -> Mapping[str, datetime]:
    """Since when each has had a manager without a gap; nothing for those that have none."""
    named: dict[str, datetime] = {}
    entries = LedgerEntry.objects.filter(
        number__in=numbers, happened_at__lte=as_of, facts__contains='"major_manager":['
    ).order_by("number", "version")
    for entry in entries:
        if entry.changes["major_manager"][1] is None:
            named.pop(entry.number, None)
        else:
            named.setdefault(entry.number, entry.happened_at)
    return named


def _reviews(as_of: datetime) -> Mapping[str, Sequence[MajorIncidentReview]]:
    found: dict[str, list[MajorIncidentReview]] = defaultdict(list)
    held = MajorIncidentReview.objects.filter(reported_at__lte=as_of, held_at__lte=as_of).select_related("incident")
    for review in held:
        found[review.incident.number].append(review)
    return found


def _done_at(reviews: Sequence[MajorIncidentReview]) -> datetime | None:
    """When the one review was both reported and held, and said what to improve or why nothing."""
    if len(reviews) != 1:
        return None
    (review,) = reviews
    if not (review.improvements.strip() or review.no_improvement_reason.strip()):
        return None
    assert review.reported_at is not None
    assert review.held_at is not None
    return max(review.reported_at, review.held_at)
