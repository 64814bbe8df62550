"""What follows from what is done to an incident (8.6.1): the rules of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from gnomon.agreements.clocks import pins_for
from gnomon.agreements.team_clocks import internal_pins_for
from gnomon.organization.models import Person
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Participant, Record
from gnomon.resolution import majors, merging, parts
from gnomon.resolution.categories import follows_from_category
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.major import criteria_met_by
from gnomon.resolution.queries.priority import priority_of
from gnomon.resolution.reviews import why_not_closed
from gnomon.standard.plugs import Actor

AFFECTED = "affected"
FEW = 500


def what_follows(record: Record, change: Change) -> dict[str, Any]:
    """Facts that follow from a change: priority, moments, counts, and the agreement that its clocks obey."""
    incident = _incident(record)
    follows: dict[str, Any] = follows_from_category(incident, change)
    if change.creates:
        follows |= _at_birth(incident, change)
    follows |= _priority(incident, change)
    if change.move is not None:
        follows |= _MOVES.get(change.move.name, _nothing)(incident, change)
        answers = change.move.name not in {"cancel", "merge"}
        if incident.responded_at is None and change.old.get("status") == "new" and answers:
            follows["responded_at"] = change.at
    if _is_assigned(incident, change, follows) and change.old.get("team") is not None:
        follows["reassignment_count"] = incident.reassignment_count + 1
    if incident.is_major and incident.major_declared_at is None:
        follows["major_declared_at"] = change.at
    if _may_become_major(incident, change):
        priority = follows.get("priority", incident.priority)
        if criteria_met_by(incident, priority):
            follows["meets_major_criteria_at"] = change.at
    if "sla" not in change.facts and (change.creates or {"service", "customer"} & change.facts.keys()):
        follows |= pins_for(incident.service, incident.customer)
    if "ola" not in change.facts and _is_assigned(incident, change, follows):
        follows |= internal_pins_for(follows.get("team", incident.team), incident.service)
    return follows


def _is_assigned(incident: Incident, change: Change, follows: Mapping[str, Any]) -> bool:
    """Whether a team has just got it."""
    spoken = "team" in change.facts or "team" in follows
    return spoken and _number(follows.get("team", incident.team)) != change.old.get("team")


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Facts that cannot stand together."""
    incident = _incident(record)
    wrong: dict[str, str] = {}
    if incident.opened_at and incident.opened_at > change.at:
        wrong["opened_at"] = _("An incident cannot open after it was recorded. Check the time.")
    if incident.resolved_at and incident.resolved_at < incident.opened_at:
        wrong["resolved_at"] = _("An incident cannot be resolved before it opened. Check the times.")
    if incident.is_major and change.move is not None and change.move.name == "close":
        says = why_not_closed(incident)
        wrong |= {"is_major": says} if says else {}
    return {**wrong, **merging.what_is_wrong(incident, change), **parts.what_is_wrong(incident, change)}


def keep_others(record: Record, entry: LedgerEntry) -> None:
    """What an incident's moves mean for those that belong to it."""
    incident = _incident(record)
    merging.keep_target(incident, entry)
    if incident.is_major and entry.verb == "incident:close":
        majors.end_with(incident, entry)


# Moves and others that look at no other incident and at nobody's work on it.
ALONE = frozenset({"recorded", "changed", "assign", "start", "wait", "resume", "resolve"})
OTHERS = frozenset({"parent", "merged_into"})


def rests_on_rules(verb: str, facts: Mapping[str, Any]) -> bool:
    """Whether what follows from it rests on the incident itself and on rules alone."""
    return verb in ALONE and OTHERS.isdisjoint(facts)


def own_incidents(incidents: QuerySet[Any], person: Actor) -> QuerySet[Any]:
    """What somebody without a role at the desk may see: their own, and those they take part in.

    Whoever is one of many hit by it, or waits for it because their own was merged into it, is told what is
    published or answered, and sees nothing of the incident itself.
    """
    parts_of = Participant.objects.filter(person=person.number, kind="incident")
    taking_part = parts_of.exclude(part__in=(AFFECTED, merging.WAITS_TOO)).values("number")
    others = Incident.objects.filter(number__in=taking_part).order_by().values("pk")
    few = [row["pk"] for row in others[: FEW + 1]]
    mine = Q(requester=Subquery(Person.objects.filter(number=person.number).order_by().values("pk")))
    if len(few) <= FEW:  # their keys are known then: own ones are read along their index, and no more than are shown
        return incidents.filter(mine | Q(pk__in=few) if few else mine)
    # Two ways in, each by its own index; asked for with OR, every incident would be looked at.
    return incidents.filter(pk__in=Incident.objects.filter(mine).order_by().values("pk").union(others))


def _may_become_major(incident: Incident, change: Change) -> bool:
    speaks = change.creates or {"impact", "urgency", "priority", "service"} & change.facts.keys()
    return bool(speaks) and incident.meets_major_criteria_at is None


def _at_birth(incident: Incident, change: Change) -> dict[str, Any]:
    born: dict[str, Any] = {}
    if incident.opened_at is None:
        born["opened_at"] = change.at
        incident.opened_at = change.at
    if incident.requester_id is None and "requester" in change.by.roles:
        born["requester"] = change.by
    if incident.team_id is None and incident.service is not None and incident.service.team_id is not None:
        born["team"] = incident.service.team
    return born


def _priority(incident: Incident, change: Change) -> dict[str, Any]:
    """Impact and urgency decide, unless the priority itself was given (8.6.1 b)."""
    if "priority" in change.facts and change.facts["priority"] is not None:
        return {}
    if not change.creates and not {"impact", "urgency"} & change.facts.keys():
        return {}
    if incident.impact is None or incident.urgency is None:
        return {}
    return {"priority": priority_of(incident.impact, incident.urgency)}


def _resolve(incident: Incident, change: Change) -> dict[str, Any]:
    at_once = change.old.get("status") == "new" and incident.reassignment_count == 0
    return {"resolved_at": change.at, "waiting_reason": "", "first_contact_resolution": at_once}


def _close(_incident: Incident, change: Change) -> dict[str, Any]:
    return {"closed_at": change.at, "closed_by": change.by.number}


def _reopen(incident: Incident, _change: Change) -> dict[str, Any]:
    """What was said of its end no longer holds; the next solution is asked for anew."""
    return {
        "resolution": "", "closure_code": "",
        "reopen_count": incident.reopen_count + 1, "resolved_at": None, "closed_at": None, "closed_by": "",
        "first_contact_resolution": False,
    }  # fmt: skip


def _go_on(_incident: Incident, _change: Change) -> dict[str, Any]:
    return {"waiting_reason": ""}


def _escalate(incident: Incident, change: Change) -> dict[str, Any]:
    escalated: dict[str, Any] = {"waiting_reason": ""}
    # Without another team named, it goes to the one that can go further.
    if change.old.get("team") == _number(incident.team) and incident.team and incident.team.escalates_to:
        escalated["team"] = incident.team.escalates_to
    return escalated if incident.escalated_at else {**escalated, "escalated_at": change.at}


def _nothing(_incident: Incident, _change: Change) -> dict[str, Any]:
    return {}


_MOVES = {
    "resolve": _resolve,
    "close": _close,
    "cancel": _close,
    "reopen": _reopen,
    "resume": _go_on,
    "start": _go_on,
    "assign": _go_on,
    "escalate": _escalate,
    "merge": merging.merged,
    "unmerge": merging.taken_out,
}


def _number(record: Record | None) -> str | None:
    return None if record is None else record.number


def _incident(record: Record) -> Incident:
    assert isinstance(record, Incident)
    return record
