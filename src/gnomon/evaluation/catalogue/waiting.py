"""Figures of the catalogue that nobody can count yet, each with the kind of record that it waits for.

A test fails when such a kind exists: then its figures are declared beside it and leave this list.
"""

from __future__ import annotations

_BY_KIND = {
    "context_issue": ("issue_review_currency",),
    "party_requirement": ("requirement_coverage",),
    "awareness_record": ("policy_awareness", "security_awareness"),
    "objective": ("objective_attainment",),
    "risk_action": ("risk_action_on_time",),
    "risk": ("open_high_risks",),
    "competence_record": ("competence_rate",),
    "training_record": ("training_effective",),
    "document_requirement": ("mandatory_document_coverage",),
    "knowledge_article": ("knowledge_currency", "knowledge_use"),
    "service_requirement": ("requirement_defined",),
    "process_measurement": ("process_criteria_met",),
    "service_catalogue_entry": ("catalogue_coverage",),
    "asset": ("asset_verification", "licence_overuse"),
    "configuration_audit": ("ci_accuracy",),
    "configuration_log": ("ci_update_timely", "unauthorized_config_change"),
    "complaint": ("complaint_rate", "complaint_closure_on_time"),
    "service_review": ("service_review_on_time",),
    "sla_measurement": ("workload_over_limit", "sla_missed_without_improvement"),
    "supplier_measurement": ("supplier_sla_attainment",),
    "contract": ("contract_renewal_rate", "contract_expired_in_use"),
    "agreement_alignment": ("agreement_gap",),
    "supplier_dispute": ("dispute_open_days",),
    "cost_record": ("budget_variance", "unit_cost"),
    "capacity_measurement": ("capacity_headroom", "capacity_breach"),
    "demand_measurement": ("forecast_accuracy",),
    "change": ("change_success_rate", "emergency_change_rate", "change_caused_incidents", "unreviewed_changes"),
    "new_service_project": ("transition_on_time", "outcome_realised"),
    "acceptance_criteria": ("acceptance_first_time",),
    "release": ("release_success_rate", "incidents_after_release"),
    "service_request": ("request_on_time", "request_cycle_time"),
    "problem": ("problem_recurrence", "problem_backlog_age", "incidents_with_problem"),
    "known_error": ("known_error_reuse",),
    "availability_measurement": ("availability_pct",),
    "outage": ("mtbf", "mtrs", "outages_investigated"),
    "continuity_test": ("continuity_test_currency", "rto_achieved"),
    "security_control": ("control_effective_rate",),
    "security_incident": ("security_incidents_closed",),
    "service_report": ("report_on_time",),
    "audit_finding": ("finding_closure_time", "finding_overdue"),
    "internal_audit": ("audit_plan_done",),
    "action_item": ("review_actions_on_time",),
    "corrective_action": ("corrective_action_effective",),
    "nonconformity": ("nonconformity_repeat",),
    "improvement": ("improvement_result",),
}

WAITING = {kpi: kind for kind, kpis in _BY_KIND.items() for kpi in kpis}
