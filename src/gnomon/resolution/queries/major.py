"""Which incidents are major by the approved criteria (8.6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from gnomon.resolution.models import Incident, MajorIncidentCriteria

_remembered: ContextVar[Sequence[MajorIncidentCriteria] | None] = ContextVar("criteria", default=None)


def criteria_met_by(incident: Incident, priority: int | None) -> bool:
    """Whether an approved set of criteria makes this incident a major one."""
    if priority is None:
        return False
    criticality = incident.service.criticality if incident.service is not None else None
    for criteria in _approved():
        if criteria.priority_at_least < priority:
            continue
        if criteria.criticality_at_least is None:
            return True
        if criticality is not None and criticality <= criteria.criticality_at_least:
            return True
    return False


@contextmanager
def criteria_remembered() -> Iterator[None]:
    """Ask the database once, for whoever goes through many incidents."""
    token = _remembered.set(_approved())
    try:
        yield
    finally:
        _remembered.reset(token)


def _approved() -> Sequence[MajorIncidentCriteria]:
    known = _remembered.get()
    return list(MajorIncidentCriteria.objects.filter(status="approved")) if known is None else known
