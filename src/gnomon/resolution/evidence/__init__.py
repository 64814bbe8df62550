"""Whether the records prove what 8.6.1 asks of incident management.

Populations are incidents as known at the moment asked about, by when things happened in the world.
Fields without a moment of their own are read as they are known now. A cancelled report turned out to be
no incident, and a merged one became part of another; they count only where recording itself is judged. What
has a time limit and is still within it has neither kept nor broken the rule, and is not counted yet.
"""

from gnomon.resolution.evidence.escalating import late_incidents_are_escalated, open_incidents_are_not_forgotten
from gnomon.resolution.evidence.major import (
    criteria_for_major_incidents_are_approved,
    major_incidents_are_declared,
    major_incidents_are_reviewed,
    major_incidents_have_a_manager,
    procedure_for_major_incidents_is_published,
    procedures_are_written_down,
    top_management_is_informed,
    top_management_is_written_to,
)
from gnomon.resolution.evidence.recording import (
    incidents_are_classified,
    incidents_are_prioritized,
    incidents_are_recorded_at_once,
)
from gnomon.resolution.evidence.relations import incidents_are_seldom_handed_on, satisfaction_is_measured
from gnomon.resolution.evidence.resolving import (
    closing_is_complete,
    closing_is_controlled,
    resolution_keeps_its_target,
    work_is_recorded,
)

__all__ = [
    "closing_is_complete",
    "closing_is_controlled",
    "criteria_for_major_incidents_are_approved",
    "incidents_are_classified",
    "incidents_are_prioritized",
    "incidents_are_recorded_at_once",
    "incidents_are_seldom_handed_on",
    "late_incidents_are_escalated",
    "major_incidents_are_declared",
    "major_incidents_are_reviewed",
    "major_incidents_have_a_manager",
    "open_incidents_are_not_forgotten",
    "procedure_for_major_incidents_is_published",
    "procedures_are_written_down",
    "resolution_keeps_its_target",
    "satisfaction_is_measured",
    "top_management_is_informed",
    "top_management_is_written_to",
    "work_is_recorded",
]
