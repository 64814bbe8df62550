"""Service hours as clocks need them: by number and version."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache

from django.db.models import QuerySet
from django.utils import timezone

from gnomon.calendars.calendar import Calendar
from gnomon.organization.models import WorkCalendar
from gnomon.records.ledger.canonical import canonical_text
from gnomon.records.queries import as_of_version


def calendar_at(number: str, version: int) -> Calendar:
    """The service hours as they stood at one version; LookupError when the ledger has no such version."""
    known = as_of_version(number, version)
    return _laid_out(canonical_text(known["hours"]), known["title"], version)


@lru_cache(maxsize=128)
def _laid_out(hours: str, title: str, version: int) -> Calendar:
    """Remembered by content: a calendar lays out its years once."""
    return Calendar.from_definition(json.loads(hours), name=title, version=version)


def calendar_of(record: WorkCalendar) -> Calendar:
    """The service hours as they stand now."""
    return calendar_at(record.number, record.version)


AHEAD = timedelta(days=30)


def short_of_holidays(calendars: QuerySet[WorkCalendar]) -> QuerySet[WorkCalendar]:
    """Service hours in use that promise official holidays and lack those of today's year or of next month's.

    Their weekly hours are used as they are in such a year; nothing is guessed.
    """
    today = timezone.localdate()
    needed = {today.year, (today + AHEAD).year}
    some = calendars.filter(status="in_use").only("pk", "hours")
    short = [
        one.pk for one in some if one.hours.get("holidays") and not needed <= set(one.hours.get("known_years") or ())
    ]
    return calendars.filter(pk__in=short)
