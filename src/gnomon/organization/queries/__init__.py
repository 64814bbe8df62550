"""All that reads about people, teams, service hours and access."""

from gnomon.organization.queries.access import locked_until, person_of_token, token_of
from gnomon.organization.queries.calendars import calendar_at, calendar_of, short_of_holidays
from gnomon.organization.queries.people import members_of, people_holding, responsible_for, teams_of

__all__ = [
    "calendar_at",
    "calendar_of",
    "locked_until",
    "members_of",
    "people_holding",
    "person_of_token",
    "responsible_for",
    "short_of_holidays",
    "teams_of",
    "token_of",
]
