"""Tables of performance evaluation (9)."""

from gnomon.evaluation.models.monitoring import MeasurementResult, MonitoringRequirement

__all__ = ["MeasurementResult", "MonitoringRequirement"]
