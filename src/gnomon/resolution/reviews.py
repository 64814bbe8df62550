"""Reviews of major incidents: complete when they are held, and held before the incident closes (8.6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.resolution.models import Incident, MajorIncidentReview


def what_follows(record: Record, change: Change) -> dict[str, Any]:
    """Holding says when, unless that was said."""
    review = _review(record)
    if change.move is None or change.move.name != "hold":
        return {}
    return {"reported_at": review.reported_at or change.at, "held_at": review.held_at or change.at}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """A review that is held says what to improve, or why nothing."""
    review = _review(record)
    if change.move is None or change.move.name != "hold":
        return {}
    if review.improvements.strip() or review.no_improvement_reason.strip():
        return {}
    return {"improvements": _("Say what to improve, or give the reason for no improvement.")}


def why_not_closed(incident: Incident) -> str:
    """Why a major incident cannot close yet, as a sentence; empty when its review was held."""
    review = MajorIncidentReview.objects.filter(incident=incident).first()
    if review is None:
        says = _("%(incident)s is a major incident and has no review. Record one and hold it, then close.")
        return says % {"incident": incident.number}
    if review.status == "planned":
        says = _("%(incident)s is a major incident whose review %(review)s was not held. Hold it, then close.")
        return says % {"incident": incident.number, "review": review.number}
    return ""


def _review(record: Record) -> MajorIncidentReview:
    assert isinstance(record, MajorIncidentReview)
    return record
