"""People, how they are organised, when they work, and how they get in."""

from gnomon.organization.models.access import AccessToken, SignInFailures
from gnomon.organization.models.calendar import WorkCalendar
from gnomon.organization.models.customizing import ChangedPermission, CustomField, LevelName, WorkflowVersion
from gnomon.organization.models.person import Person, PersonQuerySet
from gnomon.organization.models.responsibility import Responsibility, Role
from gnomon.organization.models.team import Team

__all__ = [
    "AccessToken",
    "ChangedPermission",
    "CustomField",
    "LevelName",
    "Person",
    "PersonQuerySet",
    "Responsibility",
    "Role",
    "SignInFailures",
    "Team",
    "WorkCalendar",
    "WorkflowVersion",
]
