"""How a person likes something shown, wherever they sign in."""

from __future__ import annotations

from gnomon.jobs.questions import Question
from gnomon.records.models import Preference
from gnomon.standard.plugs import Actor

_PREFERRED = Question(
    lambda person, name: Preference.objects.filter(person=person, name=name).order_by("pk").values_list("value")[:1]
)


def preference(person: Actor, name: str) -> str:
    """What this person prefers; empty when they never said."""
    found = _PREFERRED.first(person=person.number, name=name)
    return found[0] if found else ""


def prefer(person: Actor, name: str, value: str) -> None:
    """Remember what this person prefers; nothing forgets it."""
    mine = Preference.objects.filter(person=person.number, name=name)
    if not value:
        mine.delete()
        return
    Preference.objects.update_or_create(person=person.number, name=name, defaults={"value": value})
