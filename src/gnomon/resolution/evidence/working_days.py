"""Limits in working days: counted on the organization's office hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.hours import hours
from gnomon.calendars.zones import zone_named
from gnomon.organization.actions.setup import CHINA_OFFICE_HOURS
from gnomon.organization.models import WorkCalendar

DAY = timedelta(days=1)


def office_calendar() -> Calendar:
    """The office hours kept as a record, official holidays included; Monday to Friday where there are none."""
    kept = WorkCalendar.objects.filter(title=CHINA_OFFICE_HOURS).values_list("hours", flat=True).first()
    if kept:
        return Calendar.from_definition(kept)
    working = hours("09:00-18:00")
    return Calendar(week=(working,) * 5 + ((), ()), time_zone=timezone.get_default_timezone_name())


def end_of_working_day(since: datetime, days: int, calendar: Calendar) -> datetime:
    """Midnight after the last of so many working days; the day of `since` itself does not count."""
    zone = zone_named(calendar.time_zone)
    day = since.astimezone(zone).date()
    while days > 0:
        day += DAY
        if calendar.hours_on(day):
            days -= 1
    return datetime.combine(day + DAY, time(), zone).astimezone(UTC)
