"""What is done to an incident and to its parts together (8.6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records import actions
from gnomon.records.refusals import MoveRefused, Refused
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record."""

    record: Incident
    says: str
    done: bool


def open_parts(parent: Incident) -> list[Incident]:
    """The parts that are not resolved yet."""
    parts = Incident.objects.filter(parent=parent, parent__isnull=False).open()
    return list(parts.order_by("id"))


def resolve_parts(
    parent: Incident, parts: Iterable[Incident] | None = None, *, by: Actor, because: str = ""
) -> list[Outcome]:
    """Resolve parts as their parent was, each by its own move; what is refused keeps none of the others back."""
    if parent.resolved_at is None:
        says = _("%(parent)s is not resolved itself. Resolve it first, then its parts.")
        raise MoveRefused(says % {"parent": parent.number})
    chosen = open_parts(parent) if parts is None else parts
    return [_resolved(part, parent, by, because) for part in chosen]


def _resolved(part: Incident, parent: Incident, by: Actor, because: str) -> Outcome:
    try:
        with transaction.atomic():
            actions.move(
                part, "resolve", by=by, because=because or _("Resolved with %(parent)s.") % {"parent": parent.number},
                resolution=parent.resolution, closure_code=parent.closure_code,
            )  # fmt: skip
    except Refused as refused:
        return Outcome(part, refused.says, done=False)
    return Outcome(part, part.status_title, done=True)
