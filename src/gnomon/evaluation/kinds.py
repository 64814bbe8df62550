"""Kinds of performance evaluation (9)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.baselines import what_is_wrong
from gnomon.evaluation.models import ControlBaseline, MeasurementResult, MonitoringRequirement, SnapshotSeal
from gnomon.evaluation.workflows import BASELINE, REQUIREMENT, RESULT, SNAPSHOTS
from gnomon.organization.roles import AUDITORS, DIRECTING, EXPORTING, PROCESS, SPEAKING, STAFF
from gnomon.records.conditions import Conditional
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import Record
from gnomon.standard.expressions import Has

MAY = {"read": STAFF, "create": PROCESS, "change": PROCESS, "comment": SPEAKING, "export": EXPORTING, "import": PROCESS}


def analysed_when_moved(_record: Record, change: Change) -> dict[str, Any]:
    """The moment of the analysis is the moment of the move (9.1 d)."""
    return {"analysed_at": change.at} if change.move is not None and change.move.name == "analyse" else {}


MEASURED = Conditional(
    "measured",
    Has("measurement_result", "requirement", since="recorded_at", days="measure_frequency_days", grace=1),
    title=_("Measured on schedule"),
)

monitoring_requirement = Kind(
    name="monitoring_requirement",
    model=MonitoringRequirement,
    prefix="MON",
    clause="9.1",
    title=_("Monitoring requirement"),
    plural=_("Monitoring requirements"),
    workflow=REQUIREMENT,
    fields=("title", "subject", "measure", "method", "measure_frequency_days", "analysis_frequency_days", "owner"),
    columns=("number", "title", "subject", "measure", "status", "measure_frequency_days", "owner"),
    filters=("status", "subject", "owner"),
    searched=("method",),
    may=MAY,
    lenses={"measured": MEASURED},
    requirements=("9.1-a", "9.1-b", "9.1-c", "9.1-d"),
    icon="list",
)

measurement_result = Kind(
    name="measurement_result",
    model=MeasurementResult,
    prefix="MRS",
    clause="9.1",
    title=_("Measurement result"),
    plural=_("Measurement results"),
    workflow=RESULT,
    fields=("title", "requirement", "period_start", "period_end", "value", "unit", "counted", "evaluation", "owner"),
    columns=("number", "title", "requirement", "period_end", "value", "unit", "status"),
    filters=("status", "requirement"),
    searched=("evaluation",),
    may=MAY,
    prepare=analysed_when_moved,
    requirements=("9.1-c", "9.1-d", "9.1-e"),
    icon="chart-bar",
)

control_baseline = Kind(
    name="control_baseline",
    model=ControlBaseline,
    prefix="CBL",
    clause="9.1",
    title=_("Control baseline"),
    plural=_("Control baselines"),
    workflow=BASELINE,
    fields=("title", "measure", "step", "start_date", "end_date", "reason", "owner"),
    columns=("number", "title", "measure", "step", "start_date", "end_date", "status"),
    filters=("status", "measure", "step"),
    searched=("reason",),
    may=MAY,
    check=what_is_wrong,
    icon="chart-bar",
)

snapshot_seal = Kind(
    name="snapshot_seal",
    model=SnapshotSeal,
    prefix="SNS",
    clause="9.1",
    title=_("Seal of snapshots"),
    plural=_("Seals of snapshots"),
    slug="snapshot-seals",
    workflow=SNAPSHOTS,
    fields=(),
    columns=("number", "title", "sealed_until", "taken", "taken_digest"),
    may={**MAY, "read": (*DIRECTING, *AUDITORS), "export": (*DIRECTING, *AUDITORS), "create": (), "change": ()},
    requirements=("7.5.3.2-b",),
    icon="shield-check",
    order="id",
)
