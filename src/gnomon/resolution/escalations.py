"""How incidents are escalated by themselves and by hand (8.6.1 c)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.agreements.escalation.means import Means, NothingToDo
from gnomon.governance.notices import tell
from gnomon.organization.models import Person, Team
from gnomon.records import actions, permissions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.resolution.models import Incident
from gnomon.resolution.notices import TO_MANAGER
from gnomon.resolution.queries.priority import priority_of
from gnomon.resolution.workflows import WORKING
from gnomon.standard.plugs import Actor


def hand_on(record: Record, team: Team | None, because: str) -> None:
    """Give it to a team that can go further; the next one by the present team's escalation when none is named."""
    assert isinstance(record, Incident)
    present = record.team
    onward = team or (present.escalates_to if present else None)
    if onward is None:
        raise NothingToDo("no_team")
    if present is not None and onward.pk == present.pk:
        raise NothingToDo("has_it")
    if onward.status != "active":
        raise NothingToDo("gone_team")
    actions.move(record, "escalate", by=SYSTEM, because=because, team=onward, assignee=None)


def raise_priority(record: Record, because: str) -> None:
    """Make it more pressing by one priority; impact and urgency go along, so that the matrix still holds."""
    assert isinstance(record, Incident)
    if record.priority is None or record.priority <= 1:
        raise NothingToDo("highest" if record.priority else "no_priority")
    facts = more_pressing(record)
    if facts is None:
        raise NothingToDo("matrix")
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


@transaction.atomic
def escalate_to_manager(incident: Incident, manager: Person, *, by: Actor, because: str) -> Incident:
    """Tell a manager about an incident, which stays with its team (8.6.1 c); leaves one entry."""
    permissions.require(by, "change", incident.kind)
    if not because.strip():
        raise InvalidFacts(_("Say why it is escalated."), {"because": _("Say why.")})
    if not manager.is_active or not permissions.may(manager, "read", incident.kind):
        says = _("%(person)s cannot see incidents. Choose somebody of the staff.") % {"person": manager.title}
        raise InvalidFacts(says, {"manager": says})
    if incident.status not in WORKING:
        raise MoveRefused(_("%(record)s is not worked on any more.") % {"record": incident.number})
    facts: dict[str, Any] = {} if incident.escalated_at else {"escalated_at": timezone.now()}
    if facts or incident.escalated_to != manager:
        actions.change(incident, by=by, because=because, escalated_to=manager, **facts)
    else:
        told = {"outcome": "again", "people": [manager.number]}
        actions.note(incident, "escalation", by=by, because=because, internal=[None, True], escalation=[None, told])
    tell(
        [manager.number], TO_MANAGER, about=incident, text=because, by=by.number,
        cause=f"{incident.number}/{incident.version}/manager",
    )  # fmt: skip
    return incident


def manager_of(incident: Incident) -> Person | None:
    """Who is asked first: the lead of its team, else whoever owns the service."""
    lead = incident.team.lead if incident.team else None
    return lead or (incident.service.owner if incident.service else None)


def _escalate(record: Incident, because: str, **facts: Any) -> None:
    if record.escalated_at is None:
        facts["escalated_at"] = timezone.now()
    actions.change(record, by=SYSTEM, because=because, **facts)


BY_THEMSELVES = Means("incident", reassign=hand_on, raise_priority=raise_priority, escalated=note_escalated)
