"""Published disturbances as the portal shows them, and following one instead of reporting it again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from gnomon.records import actions
from gnomon.records.models import Participant
from gnomon.resolution.incidents import AFFECTED
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.health import Disturbance
from gnomon.resolution.queries.major import published_for
from gnomon.standard.plugs import Actor


def published(person: Actor) -> Sequence[Disturbance]:
    """What is published now and concerns this person, the newest first."""
    told = published_for(person)
    known = followed(person, [one.incident for one in told]) if told else set()
    return [
        Disturbance(
            one.incident, one.title, one.text, one.published_at, one.next_update_due_at, one.url, one.service,
            followed=one.incident in known,
        )
        for one in told
    ]  # fmt: skip


@transaction.atomic
def follow(number: str, person: Actor) -> bool:
    """Count somebody among those hit by a published disturbance; False when nothing of it is published to them."""
    if all(one.number != number for one in published(person)):
        return False
    incident = Incident.objects.get(number=number)
    actions.join(incident, person, AFFECTED, by=person)
    return True


def followed(person: Actor, numbers: Sequence[str]) -> set[str]:
    """Those of the disturbances that this person follows already."""
    parts = Participant.objects.filter(person=person.number, part=AFFECTED, number__in=numbers)
    return set(parts.values_list("number", flat=True))
