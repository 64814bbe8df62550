"""Who acts in what follows from an entry: rules that run after it know only the number of whoever left it."""

from __future__ import annotations

from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.standard.plugs import Actor


def actor_of(entry: LedgerEntry) -> Actor:
    """The person who left an entry, or the system."""
    person: Actor | None = Person.objects.filter(number=entry.actor).first()
    return person or SYSTEM
