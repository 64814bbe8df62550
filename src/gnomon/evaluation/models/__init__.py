"""Tables of performance evaluation (9)."""

from gnomon.evaluation.models.baseline import ControlBaseline
from gnomon.evaluation.models.monitoring import MeasurementResult, MonitoringRequirement
from gnomon.evaluation.models.snapshot import MeasureSnapshot, SnapshotKept

__all__ = ["ControlBaseline", "MeasureSnapshot", "MeasurementResult", "MonitoringRequirement", "SnapshotKept"]
