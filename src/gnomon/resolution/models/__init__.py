"""Tables of resolution (8.6)."""

from gnomon.resolution.models.incident import Incident
from gnomon.resolution.models.major import MajorIncidentCriteria, MajorIncidentReview
from gnomon.resolution.models.priority import PriorityMatrix

__all__ = ["Incident", "MajorIncidentCriteria", "MajorIncidentReview", "PriorityMatrix"]
