"""What follows from declaring an incident major, and from taking that back (8.6.1): the rules of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from gnomon.governance.notices import tell
from gnomon.organization.models import Person
from gnomon.organization.roles import TOP_MANAGEMENT
from gnomon.records import actions
from gnomon.records.actions.checking import LONGEST_REASON
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.resolution.acting import actor_of
from gnomon.resolution.checklists import steps_of
from gnomon.resolution.models import Incident, MajorIncident
from gnomon.resolution.notices import MAJOR
from gnomon.resolution.queries.major import approved_criteria, criteria_met_by

OVER = ("closed", "cancelled", "merged")


def what_follows(record: Record, change: Change) -> dict[str, Any]:
    """By which criteria, since when, who of top management knows, and when the next update is due."""
    major = _major(record)
    if change.creates:
        return _at_birth(major, change) if major.incident_id is not None else {}
    if change.move is not None:
        moves: dict[str, dict[str, Any]] = {
            "end": {"ended_at": change.at, "next_update_due_at": None},
            "resume": {"ended_at": None},
        }
        return moves.get(change.move.name, {})
    if change.facts.get("informed") and major.informed_at is None:
        return {"informed_at": change.at}
    return {}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Facts that cannot stand together."""
    major = _major(record)
    if change.creates:
        return _refusals(major, change)
    wrong: dict[str, str] = {}
    if "incident" in change.facts and change.old.get("incident") != major.incident.number:
        wrong["incident"] = _("It stays with its incident. Withdraw it and declare the other incident major.")
    if change.move is not None and change.move.name == "end" and major.incident.resolved_at is None:
        says = _("%(incident)s is not resolved yet. Resolve it first, or withdraw with a reason.")
        wrong["status"] = says % {"incident": major.incident.number}
    if change.move is not None and change.move.name == "resume" and major.incident.status in OVER:
        says = _("%(incident)s is %(status)s. Reopen it first.")
        wrong["status"] = says % {"incident": major.incident.number, "status": major.incident.status_title}
    return wrong


def keep_incident(record: Record, entry: LedgerEntry) -> None:
    """The incident says itself that it is major, since when, and under whom; its evidence reads it there."""
    major, verb = _major(record), entry.verb.partition(":")[2]
    by, at = actor_of(entry), entry.happened_at
    incident = major.incident
    incident.refresh_from_db()
    if verb == "recorded":
        because = major.reason.strip() or entry.because
        actions.act(incident, "declare_major", by=by, at=at, because=because[:LONGEST_REASON], **_said(major))
        _begin_tasks(major, by, entry)
        _tell(major, entry)
    elif verb == "withdraw":
        cleared = {"is_major": False, "major_declared_at": None, "major_manager": None, "management_informed_at": None}
        if not criteria_met_by(incident, incident.priority):
            cleared["meets_major_criteria_at"] = None
        actions.act(incident, "withdraw_major", by=by, at=at, because=entry.because, **cleared)
    elif major.status == "declared":
        actions.act(incident, "run_major", by=by, at=at, because=entry.because, **_said(major))


def end_with(incident: Incident, entry: LedgerEntry) -> None:
    """A major incident ends with its incident, if nobody ended it before."""
    running = MajorIncident.objects.filter(incident=incident, status="declared").first()
    if running is not None:
        actions.move(running, "end", by=actor_of(entry), at=entry.happened_at)


def _at_birth(major: MajorIncident, change: Change) -> dict[str, Any]:
    born: dict[str, Any] = {"declared_at": major.declared_at or change.at}
    if major.criteria is None:
        met = criteria_met_by(major.incident, major.incident.priority)
        born["criteria"] = met or next(iter(approved_criteria()), None)
    if major.next_update_due_at is None:
        born["next_update_due_at"] = change.at + timedelta(minutes=major.update_every or 30)
    if not major.informed:
        born["informed"] = ", ".join(person.title for person in _top_management())[:300]
    if (major.informed or born.get("informed")) and major.informed_at is None:
        born["informed_at"] = change.at
    return born


def _refusals(major: MajorIncident, change: Change) -> dict[str, str]:
    incident = major.incident
    if not (major.reason.strip() or change.because):
        return {"reason": _("Say why this is a major incident.")}
    if incident.status in OVER:
        says = _("%(incident)s is %(status)s and cannot be declared major.")
        return {"incident": says % {"incident": incident.number, "status": incident.status_title}}
    already = MajorIncident.objects.filter(incident=incident, status="declared").first()
    if already is not None:
        says = _("%(incident)s is a major incident already: %(major)s.")
        return {"incident": says % {"incident": incident.number, "major": already.number}}
    if major.criteria is not None and major.criteria.status != "approved":
        return {"criteria": _("These criteria are not approved. Choose approved ones.")}
    return {}


def _said(major: MajorIncident) -> dict[str, Any]:
    return {
        "is_major": True, "major_declared_at": major.declared_at, "major_manager": major.manager,
        "management_informed_at": major.informed_at,
    }  # fmt: skip


def _begin_tasks(major: MajorIncident, by: Any, entry: LedgerEntry) -> None:
    """The steps of the procedure become tasks of the manager, who hands them on."""
    for step in steps_of(major.criteria.checklist if major.criteria is not None else ""):
        due_at = entry.happened_at + step.within if step.within is not None else None
        actions.record(
            kind_named("incident_task"), by=by, at=entry.happened_at, title=step.title, incident=major.incident,
            owner=major.manager, due_at=due_at,
        )  # fmt: skip


def _tell(major: MajorIncident, entry: LedgerEntry) -> None:
    runners = (major.manager, major.technical_lead, major.communicator)
    people = {person.number for person in (*runners, *_top_management()) if person is not None}
    tell(
        people, MAJOR, about=major.incident, text=major.reason or entry.because, cause=f"{major.number}/declared",
        url=f"{major.incident.get_absolute_url()}/major", by=entry.actor, situation=major.title,
    )  # fmt: skip


def _top_management() -> list[Any]:
    return list(Person.objects.active().holding(TOP_MANAGEMENT).order_by("id")[:20])


def _major(record: Record) -> MajorIncident:
    assert isinstance(record, MajorIncident)
    return record
