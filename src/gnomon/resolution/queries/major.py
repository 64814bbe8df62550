"""Which incidents are major by the approved criteria (8.6.1)."""

from __future__ import annotations

from gnomon.resolution.models import Incident, MajorIncidentCriteria


def criteria_met_by(incident: Incident, priority: int | None) -> bool:
    """Whether an approved set of criteria makes this incident a major one."""
    if priority is None:
        return False
    criticality = incident.service.criticality if incident.service is not None else None
    for criteria in MajorIncidentCriteria.objects.filter(status="approved", priority_at_least__gte=priority):
        if criteria.criticality_at_least is None:
            return True
        if criticality is not None and criticality <= criteria.criticality_at_least:
            return True
    return False
