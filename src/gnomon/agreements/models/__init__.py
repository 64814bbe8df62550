"""Tables of relationship and agreement (8.3)."""

from gnomon.agreements.models.agreement import ServiceLevelAgreement
from gnomon.agreements.models.customer import Customer
from gnomon.agreements.models.projection import ClockProjection, ThresholdReached

__all__ = ["ClockProjection", "Customer", "ServiceLevelAgreement", "ThresholdReached"]
