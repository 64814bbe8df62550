"""Which incidents are major by the approved criteria, and whom the current ones concern (8.6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from gnomon.jobs.questions import Question
from gnomon.records.models import Participant
from gnomon.records.permissions import may
from gnomon.records.rules import Rules
from gnomon.resolution.models import CustomerNotice, Incident, MajorIncident, MajorIncidentCriteria
from gnomon.standard.plugs import Actor

REMEMBERS_FOR = timedelta(days=365)

_remembered: ContextVar[Sequence[MajorIncidentCriteria] | None] = ContextVar("criteria", default=None)


_APPROVED = Rules(Question(lambda status: MajorIncidentCriteria.objects.filter(status=status)))


def criteria_met_by(incident: Incident, priority: int | None) -> MajorIncidentCriteria | None:
    """The approved set of criteria that makes this incident a major one, or None."""
    if priority is None:
        return None
    criticality = incident.service.criticality if incident.service is not None else None
    for criteria in approved_criteria():
        if criteria.priority_at_least < priority:
            continue
        if criteria.criticality_at_least is None:
            return criteria
        if criticality is not None and criticality <= criteria.criticality_at_least:
            return criteria
    return None


@contextmanager
def criteria_remembered() -> Iterator[None]:
    """Ask the database once, for whoever goes through many incidents."""
    token = _remembered.set(approved_criteria())
    try:
        yield
    finally:
        _remembered.reset(token)


def approved_criteria() -> Sequence[MajorIncidentCriteria]:
    """The criteria in force, the newest first."""
    known = _remembered.get()
    return _APPROVED.all(status="approved") if known is None else known


def running_major(incident: Incident) -> MajorIncident | None:
    """The declaration that makes this incident a major one now."""
    running = MajorIncident.objects.filter(incident=incident, status="declared")
    found: MajorIncident | None = running.select_related(
        "incident", "manager", "technical_lead", "communicator"
    ).first()
    return found


@dataclass(frozen=True, slots=True)
class Published:
    """What customers are told of a current major incident, in the language of whoever reads it."""

    incident: str
    title: str
    text: str
    published_at: datetime
    next_update_due_at: datetime | None
    url: str
    service: str = ""


def published_for(person: Actor) -> list[Published]:
    """The published texts of current major incidents that concern this person, the newest first."""
    running = MajorIncident.objects.filter(status="declared", incident=OuterRef("incident"))
    texts = CustomerNotice.objects.filter(Exists(running), status="published")
    notices = list(texts.visible_to(person).select_related("incident__service").order_by("-published_at"))
    if not notices:
        return []
    due = dict(MajorIncident.objects.filter(status="declared").values_list("incident_id", "next_update_due_at"))
    return [
        Published(
            notice.incident.number, notice.title, text_in_words(notice), notice.published_at,
            due.get(notice.incident_id), f"{notice.incident.get_absolute_url()}/major",
            notice.incident.service.number if notice.incident.service is not None else "",
        )
        for notice in notices
    ]  # fmt: skip


def current_for(person: Actor) -> list[MajorIncident]:
    """The current major incidents, for those who may read them all."""
    from gnomon.records.kinds import kind_of

    if not may(person, "read", kind_of(MajorIncident)):
        return []
    return list(MajorIncident.objects.filter(status="declared").select_related("incident", "manager"))


def text_in_words(notice: CustomerNotice) -> str:
    """The text in the language of the moment, else in the other one."""
    chinese = (get_language() or "").startswith("zh")
    first, second = (notice.text_zh, notice.text_en) if chinese else (notice.text_en, notice.text_zh)
    return first.strip() or second.strip()


def concerns(person: Actor) -> Q:
    """Notices that this person may read, who reads no incidents but their own.

    An incident without a customer concerns everybody who asks. One that names a customer concerns who
    reported within a year for that customer, or on the same service for none; and who takes part in it.
    """
    since = datetime.now(UTC) - REMEMBERS_FOR
    own = Incident.objects.filter(requester__number=person.number, opened_at__gte=since)
    taking_part = Participant.objects.filter(person=person.number, kind="incident").values("number")
    here: Any = Q(incident__customer__isnull=True) if "requester" in person.roles else Q(pk__in=[])
    concerned: Q = (
        here
        | Q(incident__requester__number=person.number)
        | Q(incident__number__in=taking_part)
        | Q(Exists(own.filter(customer=OuterRef("incident__customer"))))
        | Q(Exists(own.filter(customer__isnull=True, service=OuterRef("incident__service"))))
    )
    return concerned


def people_to_tell(incident: Incident) -> set[str]:
    """Requesters who wait for the same: of this incident and of unresolved ones on its service."""
    waiting = Q(pk=incident.pk)
    if incident.service_id is not None:
        waiting |= Q(service=incident.service_id, status__in=("new", "assigned", "in_progress", "waiting"))
    reported = Incident.objects.filter(waiting, requester__isnull=False)
    parts = Participant.objects.filter(number=incident.number, kind="incident")
    return {*reported.values_list("requester__number", flat=True), *parts.values_list("person", flat=True)}
