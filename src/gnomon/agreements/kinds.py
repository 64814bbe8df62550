"""Kinds of relationship and agreement (8.3): each a declaration and nothing else."""

from django.utils.translation import gettext_lazy as _

from gnomon.agreements import escalation_rules
from gnomon.agreements.agreement_rules import (
    what_follows,
    what_follows_inside,
    what_is_wrong,
    what_is_wrong_inside,
)
from gnomon.agreements.models import Customer, EscalationPolicy, OperationalLevelAgreement, ServiceLevelAgreement
from gnomon.agreements.more import of_agreement, of_internal_agreement, of_policy
from gnomon.agreements.workflows import AGREEMENT, CUSTOMER, ESCALATION_POLICY, INTERNAL_AGREEMENT
from gnomon.organization.roles import AGREEING, AUTHORS, EXPORTING, SPEAKING, STAFF
from gnomon.records.kinds import Kind

customer = Kind(
    name="customer",
    model=Customer,
    prefix="CUS",
    clause="8.3.2",
    title=_("Customer"),
    plural=_("Customers"),
    workflow=CUSTOMER,
    fields=("title", "contact", "owner", "needs"),
    columns=("number", "title", "status", "contact", "owner"),
    filters=("status", "owner"),
    searched=("needs",),
    may={
        "read": STAFF,
        "create": AGREEING,
        "change": AGREEING,
        "comment": SPEAKING,
        "export": EXPORTING,
        "import": AGREEING,
    },
    requirements=("8.3.2-a",),
    icon="building",
)

service_level_agreement = Kind(
    name="service_level_agreement",
    rules=True,
    model=ServiceLevelAgreement,
    prefix="SLA",
    clause="8.3.3",
    title=_("Service level agreement"),
    plural=_("Service level agreements"),
    workflow=AGREEMENT,
    fields=(
        "title", "service", "customer", "calendar", "effective_from", "effective_to", "targets", "thresholds",
        "waiting_pauses_respond", "waiting_pauses_resolve", "workload_limits", "exceptions_stated", "exceptions",
        "customer_agreed_at", "provider_agreed_at", "is_default", "owner",
    ),
    columns=("number", "title", "service", "customer", "status", "calendar", "effective_to"),
    filters=("status", "service", "customer", "calendar"),
    searched=("exceptions",),
    may={
        "read": STAFF,
        "create": AGREEING,
        "change": AGREEING,
        "comment": SPEAKING,
        "export": EXPORTING,
        "import": AGREEING,
    },
    prepare=what_follows,
    check=what_is_wrong,
    more=of_agreement,
    requirements=("8.3.3-c", "8.3.3-d", "8.3.3-f", "8.3.3-g", "8.3.3-h"),
    icon="file-certificate",
)  # fmt: skip

operational_level_agreement = Kind(
    name="operational_level_agreement",
    rules=True,
    model=OperationalLevelAgreement,
    prefix="OLA",
    clause="8.3.4.2",
    title=_("Operational level agreement"),
    plural=_("Operational level agreements"),
    workflow=INTERNAL_AGREEMENT,
    fields=(
        "title", "team", "service", "calendar", "effective_from", "effective_to", "targets", "thresholds",
        "waiting_pauses_resolve", "activities", "interfaces", "team_agreed_at", "owner",
    ),
    columns=("number", "title", "team", "service", "status", "calendar", "effective_to"),
    filters=("status", "team", "service", "calendar"),
    may={
        "read": STAFF, "create": AGREEING, "change": AGREEING, "comment": SPEAKING,
        "export": EXPORTING, "import": AGREEING,
    },
    prepare=what_follows_inside,
    check=what_is_wrong_inside,
    more=of_internal_agreement,
    requirements=("8.3.4.2-a",),
    icon="users",
)  # fmt: skip

escalation_policy = Kind(
    name="escalation_policy",
    rules=True,
    model=EscalationPolicy,
    prefix="ESC",
    clause="8.6.1",
    title=_("Escalation policy"),
    plural=_("Escalation policies"),
    slug="escalation-policies",
    workflow=ESCALATION_POLICY,
    fields=("title", "sla", "service", "team", "priority_at_least", "calendar", "steps", "owner"),
    columns=("number", "title", "sla", "service", "team", "priority_at_least", "status"),
    filters=("status", "sla", "service", "team", "priority_at_least"),
    may={
        "read": STAFF, "create": AUTHORS, "change": AUTHORS, "comment": SPEAKING, "export": EXPORTING,
        "import": AUTHORS,
    },
    check=escalation_rules.what_is_wrong,
    more=of_policy,
    requirements=("8.6.1-c",),
    icon="flag",
)  # fmt: skip
