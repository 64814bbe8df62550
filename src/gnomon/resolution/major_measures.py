"""How well major incidents and the tasks about incidents are dealt with (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.standard.expressions import Elapsed
from gnomon.standard.plugs import Measure

HOUR_MS = 3_600_000
OF_TASKS: dict[str, Any] = {"process": "incident_management", "kind": "incident_task", "dimensions": ("owner",)}

MAJOR_INCIDENT_DURATION = Measure(
    "major_incident_duration", process="incident_management", owner="incident_manager", title=_("Duration of major incidents"),
    unit="hours", how="mean", direction="lower", kind="major_incident", at="ended_at", among={"status": "ended"},
    value=Elapsed("declared_at", "ended_at"), scale=HOUR_MS, dimensions=("manager",),
    formula=_("Mean of ended at − declared at, by the clock on the wall, of major incidents ended in the period"),
)  # fmt: skip

MAJOR_INCIDENTS_REVIEWED = Measure(
    "major_incidents_reviewed", process="incident_management", title=_("Major incidents reviewed"), unit="%",
    how="share", direction="higher", kind="incident", at="closed_at", target=100,
    among={"status.not": "cancelled,merged", "is_major": "true"}, holds={"reviewed": "yes"},
    dimensions=("service", "team"),
    formula=_("Share of the major incidents closed in the period whose review was held"),
)  # fmt: skip

TASKS_IN_TIME = Measure(
    "incident_tasks_in_time", title=_("Tasks done in time"), unit="%", how="share", direction="higher", at="due_at",
    among={"status.not": "dropped"}, holds={"in_time": "yes"}, target=90,
    formula=_("Share of the tasks about incidents due in the period that were done by then"),
    **OF_TASKS,
)  # fmt: skip

TASKS_OVERDUE = Measure(
    "incident_tasks_overdue", title=_("Tasks overdue"), unit="count", how="count", direction="lower", target=0,
    among={"status": "open", "due_at.to": "{moment}"},
    formula=_("Open tasks about incidents whose time is past"),
    **OF_TASKS,
)  # fmt: skip
