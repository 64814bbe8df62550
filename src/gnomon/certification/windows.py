"""The stretch of time that an evidence rule looks at, ending at the moment asked about; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from gnomon.standard.periods import Period

_DAYS = re.compile(r"rolling (\d+) days")
_MONTHS = re.compile(r"(\d+) months")
# What a planned-interval rule looks back on when the catalogue ties it to no activity (9.1 c).
YEAR = 365


@dataclass(frozen=True, slots=True)
class Plan:
    """How often an activity is repeated: planned by the organization, or the catalogue's default."""

    days: int = YEAR
    tolerance: int = 0
    planned: bool = True


UNTIED = Plan()


class WindowUnknown(ValueError):
    """A window that is none of those the catalogue knows."""


def window_of(window: str, as_of: datetime, plan: Plan = UNTIED, started_at: datetime | None = None) -> Period:
    """The period that a rule looks at.

    Recurring windows begin no earlier than the operation of the management system did.
    """
    if window == "none":
        return Period.since_ever(as_of)
    if found := _DAYS.fullmatch(window):
        return Period.last(int(found[1]), as_of)
    first = _first_day(window, as_of, plan)
    if started_at is not None and recurs(window):
        first = min(max(first, started_at), as_of)
    return Period(first, as_of)


def recurs(window: str) -> bool:
    """Whether something is due in every such window, so that the first one must have ended."""
    return window in {"planned interval", "12 months"}


def first_is_over(window: str, as_of: datetime, plan: Plan, started_at: datetime | None) -> bool:
    """Whether one whole window has passed since the start; true when nobody named a start."""
    if started_at is None or not recurs(window):
        return True
    return started_at <= _first_day(window, as_of, plan)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time that many months earlier; the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, moment.day - 4, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("Every month has a 28th day.")


def _first_day(window: str, as_of: datetime, plan: Plan) -> datetime:
    if window == "planned interval":
        return as_of - timedelta(days=plan.days + plan.tolerance)
    if found := _MONTHS.fullmatch(window):
        return months_before(as_of, int(found[1]))
    raise WindowUnknown(f"“{window}” is not a window of the catalogue.")
