"""What of agreements is configuration: targets, hours, thresholds, ways of escalation."""

from __future__ import annotations

from gnomon.records.configuring.declared import Configured

CUSTOMERS = Configured(
    kind="customer", key=("title",), fields=("needs",), order=70, says=("with whom agreements are made", "协议的客户方"),
)  # fmt: skip
AGREEMENTS = Configured(
    kind="service_level_agreement", key=("title",), order=80, standing=("drafted", "agreed"),
    fields=(
        "service", "customer", "calendar", "effective_from", "effective_to", "targets", "thresholds",
        "waiting_pauses_respond", "waiting_pauses_resolve", "workload_limits", "exceptions_stated", "exceptions",
        "customer_agreed_at", "provider_agreed_at", "is_default",
    ),
    says=("targets in minutes for each priority, 1 being the gravest", "各优先级的目标，单位为分钟，1 为最高"),
)  # fmt: skip
INTERNAL_AGREEMENTS = Configured(
    kind="operational_level_agreement", key=("title",), order=90, standing=("drafted", "agreed"),
    fields=(
        "team", "service", "calendar", "effective_from", "effective_to", "targets", "thresholds",
        "waiting_pauses_resolve", "activities", "interfaces", "team_agreed_at",
    ),
    says=("what teams promise one another", "团队之间的约定"),
)  # fmt: skip
ESCALATIONS = Configured(
    kind="escalation_policy", key=("title",), order=95, standing=("in_force",),
    fields=("sla", "service", "team", "priority_at_least", "calendar", "steps"),
    says=("what happens when a clock runs down; steps may name people by their numbers here",
          "时限将到时的升级步骤；步骤中可能按本系统编号指名人员"),
)  # fmt: skip
