"""How well incidents are dealt with (8.6.1): each figure as data that its list page can follow.

A cancelled report turned out to be no incident, and a merged one is told as part of another, so no figure
counts them. An incident without a target is neither in time nor late, so the shares leave it out.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from django.utils.translation import gettext_lazy as _

from gnomon.resolution.major_measures import (
    MAJOR_INCIDENT_DURATION,
    MAJOR_INCIDENTS_REVIEWED,
    TASKS_IN_TIME,
    TASKS_OVERDUE,
)
from gnomon.resolution.satisfaction_measures import CSAT, DISSATISFACTION, SURVEY_RESPONSE
from gnomon.standard.expressions import Elapsed, Field
from gnomon.standard.plugs import Measure

__all__ = [
    "CSAT",
    "DISSATISFACTION",
    "MAJOR_INCIDENTS_REVIEWED",
    "MAJOR_INCIDENT_DURATION",
    "SURVEY_RESPONSE",
    "TASKS_IN_TIME",
    "TASKS_OVERDUE",
]

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
DIMENSIONS = ("service", "team", "priority", "customer", "category")
KEPT_BY = ("service", "team", "priority")
COUNTED = {"status.not": "cancelled,merged"}


class _Incidents(TypedDict):
    process: str
    kind: str
    dimensions: tuple[str, ...]
    kept_by: tuple[str, ...]


class _Share(TypedDict):
    unit: Literal["%"]
    how: Literal["share"]
    direction: Literal["higher"]


OF_INCIDENTS: _Incidents = {
    "process": "incident_management", "kind": "incident", "dimensions": DIMENSIONS, "kept_by": KEPT_BY,
}  # fmt: skip
SHARE: _Share = {"unit": "%", "how": "share", "direction": "higher"}


def _kept(field: str) -> dict[str, Any]:
    """Of records with a verdict in a yes-or-no field, those where it is yes."""
    return {"among": {**COUNTED, f"{field}.is": "filled"}, "holds": {field: "true"}}


INCIDENT_MTTR = Measure(
    "incident_mttr", title=_("Time to resolve"), unit="hours", how="mean", direction="lower",
    at="resolved_at", among=COUNTED, value=Elapsed("opened_at", "resolved_at"), scale=HOUR_MS,
    aim=_("8 hours at most for priority 1 and 2"),
    formula=_("Mean of resolved at − opened at, by the clock on the wall, of incidents resolved in the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_SLA = Measure(
    "incident_sla", title=_("Resolved within target"), at="resolved_at", target=95,
    formula=_("Share of incidents resolved in the period whose resolution clock kept its target"),
    **SHARE, **_kept("resolve_met"), **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_RESPONSE_SLA = Measure(
    "incident_response_sla", title=_("Responded to within target"), at="opened_at", target=95,
    formula=_("Share of incidents opened in the period and responded to whose response clock kept its target"),
    **SHARE, **_kept("respond_met"), **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_SOURCE_SLA = Measure(
    "incident_source_sla", title=_("Within target by the source's account"), at="closed_at",
    formula=_("Share of imported incidents closed in the period that the system they came from held to be in time"),
    **SHARE, **_kept("source_made_sla"), **OF_INCIDENTS,
)  # fmt: skip

FIRST_CONTACT_RESOLUTION = Measure(
    "first_contact_resolution", title=_("Resolved at first contact"), at="closed_at", among=COUNTED, target=60,
    holds={"first_contact_resolution": "true"},
    formula=_("Share of incidents closed in the period that were resolved by those who first took them"),
    **SHARE, **OF_INCIDENTS,
)  # fmt: skip

REOPEN_RATE = Measure(
    "reopen_rate", title=_("Reopened"), unit="%", how="share", direction="lower", at="closed_at", among=COUNTED,
    target=3, holds={"reopen_count.from": "1"},
    formula=_("Share of incidents closed in the period that had been reopened"),
    **OF_INCIDENTS,
)  # fmt: skip

REASSIGNMENT_COUNT = Measure(
    "reassignment_count", title=_("Reassignments"), unit="count", how="mean", direction="lower", at="closed_at",
    among=COUNTED, target=1.5, value=Field("reassignment_count"),
    formula=_("Mean number of times that incidents closed in the period were handed to another team"),
    **OF_INCIDENTS,
)  # fmt: skip

BACKLOG_AGE = Measure(
    "backlog_age", title=_("Age of the backlog"), unit="days", how="mean", direction="lower", target=5, scale=DAY_MS,
    standing="open_at", among=COUNTED,
    formula=_("Mean time since opening of incidents unresolved at the end of the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_BACKLOG = Measure(
    "incident_backlog", title=_("Backlog"), unit="count", how="count", direction="lower",
    standing="open_at", among=COUNTED,
    formula=_("Incidents unresolved at the end of the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_UNCLOSED = Measure(
    "incident_unclosed", title=_("Not closed"), unit="count", how="count", direction="lower",
    standing="unclosed_at", among=COUNTED,
    formula=_("Incidents not closed at the end of the period, resolved ones included"),
    **OF_INCIDENTS,
)  # fmt: skip

MAJOR_INCIDENTS = Measure(
    "major_incidents", title=_("Major incidents"), unit="count", how="count", direction="lower", at="opened_at",
    among={**COUNTED, "is_major": "true"}, target=0,
    formula=_("Major incidents opened in the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENTS_OPENED = Measure(
    "incidents_opened", title=_("Opened"), unit="count", how="count", direction="range", at="opened_at",
    among=COUNTED, formula=_("Incidents opened in the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENTS_RESOLVED = Measure(
    "incidents_resolved", title=_("Resolved"), unit="count", how="count", direction="range", at="resolved_at",
    among=COUNTED, formula=_("Incidents resolved in the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENT_RESPONSE_TIME = Measure(
    "incident_response_time", title=_("Time to respond"), unit="hours", how="mean", direction="lower",
    at="responded_at", among=COUNTED, value=Elapsed("opened_at", "responded_at"), scale=HOUR_MS,
    formula=_("Mean of responded at − opened at, by the clock on the wall, of incidents responded to in the period"),
    **OF_INCIDENTS,
)  # fmt: skip

INCIDENTS_ESCALATED = Measure(
    "incidents_escalated", title=_("Escalated"), unit="%", how="share", direction="lower", at="opened_at",
    among=COUNTED, holds={"escalated_at.is": "filled"},
    formula=_("Share of incidents opened in the period that had to be escalated"),
    **OF_INCIDENTS,
)  # fmt: skip

SLA_ATTAINMENT = Measure(
    "sla_attainment", process="service_level_management", title=_("Agreements kept"), kind="incident",
    at="resolved_at", among={**COUNTED, "customer.is": "filled", "sla.is": "filled", "resolve_met.is": "filled"},
    holds={"resolve_met": "true", "respond_met.not": "false"}, target=97,
    dimensions=("sla", "service", "customer", "priority"), kept_by=("sla", "customer"),
    formula=_("Share of customers' incidents under an agreement, resolved in the period, that kept every target of it"),
    **SHARE,
)  # fmt: skip
