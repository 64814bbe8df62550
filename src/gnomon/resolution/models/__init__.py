"""Tables of resolution (8.6)."""

from gnomon.resolution.models.category import Category
from gnomon.resolution.models.incident import Incident
from gnomon.resolution.models.major import CustomerNotice, MajorIncident, MajorIncidentCriteria, MajorIncidentReview
from gnomon.resolution.models.priority import PriorityMatrix
from gnomon.resolution.models.rating import SatisfactionRating
from gnomon.resolution.models.task import IncidentTask
from gnomon.resolution.models.template import IncidentTemplate, ReplyTemplate

__all__ = [
    "Category",
    "CustomerNotice",
    "Incident",
    "IncidentTask",
    "IncidentTemplate",
    "MajorIncident",
    "MajorIncidentCriteria",
    "MajorIncidentReview",
    "PriorityMatrix",
    "ReplyTemplate",
    "SatisfactionRating",
]
