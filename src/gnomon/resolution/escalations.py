"""How incidents are escalated by themselves and by hand (8.6.1 c)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gnomon.agreements.escalation.means import Means, NothingToDo
from gnomon.organization.models import Team
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Record
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.priority import priority_of


def hand_on(record: Record, team: Team | None, because: str) -> None:
    """Give it to a team that can go further; the next one by the present team's escalation when none is named."""
    assert isinstance(record, Incident)
    present = record.team
    onward = team or (present.escalates_to if present else None)
    if onward is None:
        raise NothingToDo(_("The present team escalates to no other."))
    if present is not None and onward.pk == present.pk:
        raise NothingToDo(_("%(team)s has it already.") % {"team": onward.title})
    if onward.status != "active":
        raise NothingToDo(_("%(team)s is no longer active.") % {"team": onward.title})
    actions.move(record, "escalate", by=SYSTEM, because=because, team=onward, assignee=None)


def raise_priority(record: Record, because: str) -> None:
    """Make it more pressing by one priority; impact and urgency go along, so that the matrix still holds."""
    assert isinstance(record, Incident)
    if record.priority is None or record.priority <= 1:
        raise NothingToDo(_("The priority is the highest already.") if record.priority else _("It has no priority."))
    facts = more_pressing(record)
    if facts is None:
        raise NothingToDo(_("The priority matrix knows nothing more pressing."))
    _escalate(record, because, **facts)


def more_pressing(incident: Incident) -> dict[str, Any] | None:
    """The least change of urgency, else of impact too, with which the matrix gives a graver priority."""
    present = incident.priority
    assert present is not None
    if incident.impact is None or incident.urgency is None:
        return {"priority": present - 1}
    steps = [
        (impact, urgency) for impact in range(1, incident.impact + 1) for urgency in range(1, incident.urgency + 1)
    ]
    graver = [(i, u) for i, u in steps if priority_of(i, u) < present]
    if not graver:
        return None
    most_impact = incident.impact
    impact, urgency = min(graver, key=lambda pair: (-priority_of(*pair), most_impact - pair[0], -pair[1]))
    return {"impact": impact, "urgency": urgency}


def note_escalated(record: Record, because: str) -> None:
    """Keep when it was first escalated to somebody beyond the team."""
    assert isinstance(record, Incident)
    if record.escalated_at is None:
        _escalate(record, because)


def _escalate(record: Incident, because: str, **facts: Any) -> None:
    from django.utils import timezone

    if record.escalated_at is None:
        facts["escalated_at"] = timezone.now()
    actions.change(record, by=SYSTEM, because=because, **facts)


BY_THEMSELVES = Means("incident", reassign=hand_on, raise_priority=raise_priority, escalated=note_escalated)
