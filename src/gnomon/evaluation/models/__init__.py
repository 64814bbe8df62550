"""Tables of performance evaluation (9)."""

from gnomon.evaluation.models.monitoring import MeasurementResult, MonitoringRequirement
from gnomon.evaluation.models.snapshot import MeasureSnapshot, SnapshotKept

__all__ = ["MeasureSnapshot", "MeasurementResult", "MonitoringRequirement", "SnapshotKept"]
