"""Tables of performance evaluation (9)."""

from gnomon.evaluation.models.baseline import ControlBaseline
from gnomon.evaluation.models.foreign_log import ForeignLog
from gnomon.evaluation.models.monitoring import MeasurementResult, MonitoringRequirement
from gnomon.evaluation.models.queue import KeptQueue
from gnomon.evaluation.models.snapshot import MeasureSnapshot, SnapshotKept
from gnomon.evaluation.models.snapshot_seal import SnapshotSeal
from gnomon.evaluation.models.tally import TalliedColumn, TalliedRecords, TallyMark

__all__ = [
    "ControlBaseline", "ForeignLog", "KeptQueue", "MeasureSnapshot", "MeasurementResult",
    "MonitoringRequirement", "SnapshotKept", "SnapshotSeal", "TalliedColumn", "TalliedRecords", "TallyMark",
]  # fmt: skip
