"""What an installation measures from its first day on (9.1 a to d)."""

from __future__ import annotations

from typing import cast

from gnomon.evaluation.kinds import monitoring_requirement
from gnomon.evaluation.models import MonitoringRequirement
from gnomon.evaluation.queries.measures import measure_named
from gnomon.records import actions
from gnomon.standard.plugs import Actor

MONTHLY = 30

# A title is what people wrote, so it is not translated: ready-made ones read in both languages.
MEASURED = (
    ("service", "incident_sla", "Incidents resolved within target 事件按期解决率"),
    ("service", "incident_response_sla", "Incidents responded to within target 事件按期响应率"),
    ("service", "major_incidents", "Major incidents 重大事件数"),
    ("process", "incident_mttr", "Mean time to resolve incidents 事件平均解决时长"),
    ("process", "first_contact_resolution", "First-contact resolution 首次接触解决率"),
    ("process", "reopen_rate", "Reopen rate 事件重开率"),
    ("process", "reassignment_count", "Average reassignments 事件平均转派次数"),
    ("process", "backlog_age", "Average age of open incidents 未解决事件平均积压时长"),
)
BY_HAND = (
    (
        "sms", "Conformity of the service management system 服务管理体系符合程度",
        "Share of applicable requirements that are conforming on the conformity board, entered once a month. "
        "每月一次，取符合性看板上适用要求中符合项所占比例。",
    ),
)  # fmt: skip


def seed_monitoring(*, by: Actor) -> list[MonitoringRequirement]:
    """Record what is measured of the system, the services and the processes; nothing once anything is there."""
    if MonitoringRequirement.objects.exists():
        return []
    found = [_record(by, subject, title, "", method) for subject, title, method in BY_HAND]
    for subject, measure, title in MEASURED:
        method = f"Computed from the records as {measure} 由记录计算: {measure_named(measure).formula}."
        found.append(_record(by, subject, title, measure, method))
    return found


def _record(by: Actor, subject: str, title: str, measure: str, method: str) -> MonitoringRequirement:
    return cast(
        MonitoringRequirement,
        actions.record(
            monitoring_requirement, by=by, title=title, subject=subject, measure=measure, method=method,
            measure_frequency_days=MONTHLY, analysis_frequency_days=MONTHLY,
        ),
    )  # fmt: skip
