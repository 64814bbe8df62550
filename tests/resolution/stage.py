"""Incidents with a life of their own, and questions put to evidence checks as the board puts them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from gnomon.certification import verdicts, windows
from gnomon.certification.catalogue import catalogue
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.portfolio.models import Service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor, EvidenceCheck, Finding, Question


def at(text: str) -> datetime:
    """`06-01 09:00` of 2026, in UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def a_service(title: str = "Mail", **facts: Any) -> Service:
    return cast(Service, actions.record(SERVICE, by=SYSTEM, title=title, **facts))


def an_incident(opened: str, told: str = "", *, by: Actor = SYSTEM, **facts: Any) -> Incident:
    """Opened at one time and told at another (the same when left out), of priority 3 unless said otherwise."""
    usual = {"title": "No mail", "category": "mail", "impact": 2, "urgency": 2}
    told_at = at(told or opened)
    made = actions.record(
        kind_named("incident"), by=by, at=told_at, because="", opened_at=at(opened), **{**usual, **facts}
    )
    return cast(Incident, made)


def resolve(incident: Incident, when: str, *, by: Actor = SYSTEM, **facts: Any) -> Incident:
    usual = {"resolution": "Restarted the queue", "closure_code": "solved"}
    return cast(Incident, actions.move(incident, "resolve", by=by, at=at(when), **{**usual, **facts}))


def close(incident: Incident, when: str, *, by: Actor = SYSTEM, **facts: Any) -> Incident:
    return cast(Incident, actions.move(incident, "close", by=by, at=at(when), **facts))


def forced(incident: Incident, **columns: Any) -> Incident:
    """What our own moves would never do, and an imported history may."""
    Incident.objects.filter(pk=incident.pk).update(**columns)
    incident.refresh_from_db()
    return incident


def asked(check: EvidenceCheck, when: str) -> Finding:
    """What a check finds as of a moment, with the window and the limits of the catalogue."""
    rule = catalogue().rules[check.name]
    as_of = at(when)
    return check.run(Question(windows.window_of(rule.window, as_of), as_of, rule.limits))


def verdict(check: EvidenceCheck, when: str) -> str:
    """What the board would say of this rule alone."""
    return str(verdicts.check_verdict(verdicts.sound(asked(check, when)), catalogue().rules[check.name]).status)
