"""Service hours as clocks need them: by number and version."""

from __future__ import annotations

from functools import lru_cache

from gnomon.calendars.calendar import Calendar
from gnomon.organization.models import WorkCalendar
from gnomon.records.queries import as_of_version


@lru_cache(maxsize=128)
def calendar_at(number: str, version: int) -> Calendar:
    """The service hours as they stood at one version; LookupError when the ledger has no such version."""
    known = as_of_version(number, version)
    return Calendar.from_definition(known["hours"], name=known["title"], version=version)


def calendar_of(record: WorkCalendar) -> Calendar:
    """The service hours as they stand now."""
    return calendar_at(record.number, record.version)
