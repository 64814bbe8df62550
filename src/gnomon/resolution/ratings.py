"""Asking those whom we served how it went, and keeping what they say (8.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.actions import enqueue
from gnomon.organization.actions.people import OwnAffairs
from gnomon.records import actions
from gnomon.records.actions.write import hold
from gnomon.records.actors import SYSTEM, is_system
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import NotAllowed
from gnomon.resolution.models import Incident, SatisfactionRating
from gnomon.standard.plugs import Actor

ASK = "resolution:ask_for_rating"
ANSWERED_WITHIN = timedelta(days=30)


def what_follows(_record: Record, change: Change) -> dict[str, Any]:
    """When it was asked, and when answered."""
    follows: dict[str, Any] = {}
    if change.creates:
        follows["asked_at"] = change.at
    if change.move is not None and change.move.name == "answer":
        follows["answered_at"] = change.at
    return follows


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Nobody answers for somebody else."""
    assert isinstance(record, SatisfactionRating)
    answers = change.move is not None and change.move.name == "answer"
    if answers and not is_system(change.by) and change.by.number != record.requester.number:
        return {"requester": _("Only the person who was asked can answer.")}
    return {}


def own_ratings(ratings: QuerySet[Any], person: Actor) -> QuerySet[Any]:
    return ratings.filter(requester__number=person.number)


def ask_when_closed(record: Record, entry: LedgerEntry) -> None:
    """Have the worker ask the requester, once the incident is closed."""
    assert isinstance(record, Incident)
    if record.requester_id is not None:
        enqueue(ASK, key=f"{record.number}/{entry.version}", once=True, cause=record.number, number=record.number)


def ask_for_rating(number: str) -> None:
    """Keep that the requester of a closed incident is asked; asked again, nothing happens."""
    incident = Incident.objects.filter(number=number, status="closed").select_related("requester").first()
    if incident is not None and incident.requester is not None:
        asked(incident, incident.requester)


@transaction.atomic
def asked(incident: Incident, person: Any) -> SatisfactionRating:
    """The one rating of this incident by this person, made when it is not there yet."""
    hold(incident)
    known = SatisfactionRating.objects.filter(incident=incident, requester=person).first()
    if known is not None:
        return cast(SatisfactionRating, known)
    kind = kind_named("satisfaction_rating")
    made = actions.record(kind, by=SYSTEM, title=incident.title, incident=incident, requester=person)
    return cast(SatisfactionRating, made)


@transaction.atomic
def rate(incident: Incident, person: Any, score: int, comment: str, *, by: Actor) -> SatisfactionRating:
    """Keep what somebody says of an incident of theirs; nobody says it for them."""
    if by.number != person.number:
        raise NotAllowed(_("Only the person who was asked can answer."))
    own = OwnAffairs(person.number)
    return cast(
        SatisfactionRating, actions.move(asked(incident, person), "answer", by=own, score=score, comment=comment)
    )


def lapse(now: datetime | None = None) -> int:
    """Let questions rest that nobody answered for a month; how many."""
    before = (now or datetime.now(UTC)) - ANSWERED_WITHIN
    old = SatisfactionRating.objects.filter(status="asked", asked_at__lt=before).order_by("pk")[:500]
    for rating in old:
        actions.move(rating, "lapse", by=SYSTEM)
    return len(old)


def may_rate(incident: Incident, person: Actor) -> bool:
    """Whether this person is the requester of a closed incident and has not rated it."""
    if incident.status != "closed" or incident.requester is None or incident.requester.number != person.number:
        return False
    answered = SatisfactionRating.objects.filter(incident=incident, requester=incident.requester).exclude(
        status="asked"
    )
    return not answered.exists()


def of_service(ratings: QuerySet[Any], number: str) -> QuerySet[Any]:
    """About incidents of a service."""
    return ratings.filter(incident__service__number=number)


def of_customer(ratings: QuerySet[Any], number: str) -> QuerySet[Any]:
    """About incidents of a customer."""
    return ratings.filter(incident__customer__number=number)
