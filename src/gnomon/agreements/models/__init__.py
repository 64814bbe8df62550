"""Tables of relationship and agreement (8.3)."""

from gnomon.agreements.models.agreement import ServiceLevelAgreement
from gnomon.agreements.models.customer import Customer
from gnomon.agreements.models.escalation import Escalation, EscalationPolicy, EscalationStep
from gnomon.agreements.models.internal import OperationalLevelAgreement, TeamClock
from gnomon.agreements.models.projection import ClockProjection, ThresholdReached

__all__ = [
    "ClockProjection",
    "Customer",
    "Escalation",
    "EscalationPolicy",
    "EscalationStep",
    "OperationalLevelAgreement",
    "ServiceLevelAgreement",
    "TeamClock",
    "ThresholdReached",
]
