"""Addresses of incidents by REST beside what follows from the kind (8.6.1): escalation here, merging beside it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema

from gnomon.agreements.escalation import showing
from gnomon.agreements.escalation.calling import acknowledge
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.organization.models import Person
from gnomon.records import permissions
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.facts import fact
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.escalations import escalate_to_manager
from gnomon.resolution.merging_api import MERGE, RESOLVE_PARTS, REVIEW, SPLIT, UNMERGE
from gnomon.resolution.portal_api import RATE, SERVICE_HEALTH
from gnomon.resolution.queries.similar import DAYS, cluster_of, similar_to

__all__ = [
    "ANSWER", "INFORM_MANAGER", "MERGE", "OF_INCIDENT", "RATE", "RESOLVE_PARTS", "REVIEW", "RUNNING", "SERVICE_HEALTH",
    "SPLIT", "UNMERGE",
]  # fmt: skip


class StepTold(Schema):
    """One step: what it is, where it stands, when it ran or falls due, and who was told."""

    position: int
    step: dict[str, Any]
    state: str
    due_at: str | None
    ran_at: str | None
    told: list[str]
    acknowledged_by: str | None
    why: str
    attempts: int


class EscalationTold(Schema):
    """One round of one clock and the policy that it follows."""

    record: str
    clock: str
    turn: int
    policy: str
    policy_version: int
    state: str
    depth: int
    next_at: str | None
    steps: list[StepTold]


def of_record(call: Call) -> list[dict[str, Any]]:
    """The escalations of a record; among those who read the whole kind."""
    permissions.require(call.person, "read", call.record.kind)
    return _told(list(Escalation.objects.filter(number=call.record.number).order_by("id")))


def running(call: Call) -> list[dict[str, Any]]:
    """Those that run, the most pressing first."""
    permissions.require(call.person, "read", kind_named("escalation_policy"))
    lines = showing.running(call.person, only_overdue=call.query.get("show") == "overdue")
    return _told([line.escalation for line in lines])


def answer(call: Call) -> dict[str, Any]:
    """Answer the calls of a record."""
    return {"acknowledged": acknowledge(call.record, by=call.person)}


class Acknowledged(Schema):
    """How many calls were answered."""

    acknowledged: int


def _told(escalations: list[Escalation]) -> list[dict[str, Any]]:
    steps: dict[int, list[dict[str, Any]]] = {}
    for step in EscalationStep.objects.filter(escalation__in=escalations).order_by("position"):
        steps.setdefault(step.escalation_id, []).append(_step(step))
    return [
        {
            "record": one.number, "clock": one.clock, "turn": one.turn, "policy": one.policy,
            "policy_version": one.policy_version, "state": one.state, "depth": one.depth, "next_at": fact(one.next_at),
            "steps": steps.get(one.pk, []),
        }
        for one in escalations
    ]  # fmt: skip


def _step(step: EscalationStep) -> dict[str, Any]:
    return {
        "position": step.position, "step": step.table, "state": step.state, "due_at": fact(step.due_at),
        "ran_at": fact(step.ran_at), "told": step.told, "acknowledged_by": step.acknowledged_by or None,
        "why": step.why or step.error, "attempts": step.attempts,
    }  # fmt: skip


OF_INCIDENT = Endpoint(
    "incident_escalations",
    "get",
    "escalations",
    of_record,
    "Escalations of an incident",
    kind="incident",
    tells=list[EscalationTold],
)
ANSWER = Endpoint(
    "acknowledge_incident",
    "post",
    "acknowledge",
    answer,
    "Answer the calls of an incident",
    kind="incident",
    tells=Acknowledged,
)
RUNNING = Endpoint(
    "escalations", "get", "escalations", running, "Running escalations", tells=list[EscalationTold],
    parameters={"show": "overdue: only those that need attention"},
)  # fmt: skip


class ManagerGiven(Given):
    """Who is told, and why."""

    manager: str
    because: str


def inform_manager(call: Call) -> Record:
    """Escalate to a manager; the team keeps it."""
    manager: Person | None = Person.objects.active().filter(number=call.given["manager"][:40]).first()
    if manager is None:
        says = _("There is no active person “%(number)s”.") % {"number": call.given["manager"][:80]}
        raise InvalidFacts(says, {"manager": says})
    return escalate_to_manager(call.record, manager, by=call.person, because=call.given["because"])


INFORM_MANAGER = Endpoint(
    "inform_manager_of_incident", "post", "inform-manager", inform_manager, "Escalate to a manager", kind="incident",
    takes=ManagerGiven,
)  # fmt: skip


def similar(call: Call) -> dict[str, Any]:
    """The incidents most like this one among the newest of its service, and how often its like came lately."""
    if not may(call.person, "read", call.record.kind):
        raise Http404
    cluster = cluster_of(call.record, call.person)
    return {
        "similar": [
            {"number": one.number, "title": one.title, "status": one.status, "share": round(one.share, 3)}
            for one in similar_to(call.record)
        ],
        "recurring": None if cluster is None else {"days": DAYS, "count": cluster.count, "before": cluster.before},
    }


SIMILAR = Endpoint("similar_incidents", "get", "similar", similar, "Similar and recurring incidents", "incident")
