"""Make several incidents one (8.6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from gnomon.records import actions
from gnomon.records.refusals import Refused
from gnomon.resolution.actions.parts import Outcome
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor


def merge(incidents: Iterable[Incident], into: Incident, *, by: Actor, because: str) -> list[Outcome]:
    """Merge each into one, each by its own move; what is refused keeps none of the others back."""
    return [_merged(incident, into, by, because) for incident in incidents]


def _merged(incident: Incident, into: Incident, by: Actor, because: str) -> Outcome:
    try:
        with transaction.atomic():
            moved: Any = actions.move(incident, "merge", by=by, because=because, merged_into=into)
    except Refused as refused:
        return Outcome(incident, refused.says, done=False)
    return Outcome(incident, moved.status_title, done=True)
