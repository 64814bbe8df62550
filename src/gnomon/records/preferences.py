"""How a person likes something shown, wherever they sign in."""

from __future__ import annotations

from gnomon.records.models import Preference
from gnomon.standard.plugs import Actor


def preference(person: Actor, name: str) -> str:
    """What this person prefers; empty when they never said."""
    return Preference.objects.filter(person=person.number, name=name).values_list("value", flat=True).first() or ""


def prefer(person: Actor, name: str, value: str) -> None:
    """Remember what this person prefers; nothing forgets it."""
    mine = Preference.objects.filter(person=person.number, name=name)
    if not value:
        mine.delete()
        return
    Preference.objects.update_or_create(person=person.number, name=name, defaults={"value": value})
