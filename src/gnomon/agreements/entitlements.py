"""Which services somebody may use: those that were agreed with their customer, all of them when nothing was (8.3.3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from gnomon.agreements.models import Customer, ServiceLevelAgreement
from gnomon.organization.roles import STAFF
from gnomon.portfolio.models import Service
from gnomon.records.models import Participant
from gnomon.standard.plugs import Actor

BELONGING = ("member", "contact")


def customers_of(person: Actor) -> Any:
    """The customers to which somebody belongs: as their contact, or by taking part in the record of the customer."""
    parts = Participant.objects.filter(kind="customer", person=person.number, part__in=BELONGING)
    return Customer.objects.filter(Q(contact__number=person.number) | Q(number__in=parts.values("number")))


def usable_services(person: Actor) -> Any:
    """The live services that somebody may use; staff, and whoever no agreement speaks of, use all of them."""
    live = Service.objects.visible_to(person).filter(status="live")
    if not set(STAFF).isdisjoint(person.roles):
        return live
    today = timezone.localdate()
    agreed = ServiceLevelAgreement.objects.filter(
        Q(effective_from=None) | Q(effective_from__lte=today), Q(effective_to=None) | Q(effective_to__gte=today),
        customer__in=customers_of(person), service__isnull=False, status="agreed",
    ).values("service")  # fmt: skip
    theirs = live.filter(pk__in=agreed)
    return theirs if agreed.exists() else live
