"""Makers for stories about clocks: an incident's life told in a few lines, Shanghai time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.policies import BusinessTime
from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import with_official_holidays
from gnomon.workflow.tables import Phase

SHANGHAI = ZoneInfo("Asia/Shanghai")
PHASES = {
    "new": Phase.OPEN, "assigned": Phase.OPEN, "in_progress": Phase.OPEN, "waiting": Phase.WAITING,
    "resolved": Phase.RESOLVED, "closed": Phase.CLOSED, "cancelled": Phase.CLOSED,
}  # fmt: skip

OFFICE = {
    "time_zone": "Asia/Shanghai",
    "week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}
Life = Callable[..., list[Happening]]


class OfficeHours:
    """Monday to Friday 09:00–18:00 in Shanghai, counted second by day: slow and plain, to check against."""

    def between(self, start: datetime, end: datetime) -> int:
        total, day = 0, start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0)
        while day < end:
            if day.weekday() < 5:
                opens, closes = max(start, day.replace(hour=9)), min(end, day.replace(hour=18))
                total += max(0, int((closes - opens).total_seconds()))
            day += timedelta(days=1)
        return total

    def add(self, start: datetime, seconds: int) -> datetime:
        at = start.astimezone(SHANGHAI)
        while seconds:
            opens, closes = at.replace(hour=9, minute=0, second=0), at.replace(hour=18, minute=0, second=0)
            left = int((closes - max(at, opens)).total_seconds()) if at.weekday() < 5 else 0
            if left >= seconds:
                return max(at, opens) + timedelta(seconds=seconds)
            seconds -= max(0, left)
            at = opens.replace(hour=0) + timedelta(days=1)
        return at


@pytest.fixture(params=["counted day by day", "calendar"])
def office_hours(request: pytest.FixtureRequest) -> BusinessTime:
    """Every story is told twice: by the slow counting above, and by the calendar that serves in earnest."""
    return Calendar.from_definition(OFFICE) if request.param == "calendar" else OfficeHours()


@pytest.fixture
def china() -> Calendar:
    """The same hours with China's official holidays and make-up workdays."""
    return with_official_holidays(Calendar.from_definition(OFFICE))


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """`at("2026-03-13 17:00")`: a moment in Shanghai."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def life(at: Callable[[str], datetime]) -> Life:
    """`life(("2026-03-13 14:00", "new", 3), ("…", "waiting"), ("…", "responded!"))`: states, priorities, events."""

    def tell(*lines: tuple[object, ...]) -> list[Happening]:
        told: list[Happening] = []
        status, priority = "", None
        for entry, (moment, *facts) in enumerate(lines, 1):
            before, names = status, set() if told else {"recorded"}
            for fact in facts:
                if isinstance(fact, int):
                    priority = fact
                elif str(fact).endswith("!"):
                    names.add(str(fact)[:-1])
                else:
                    status = str(fact)
            phases = PHASES.get(before), PHASES[status]
            told.append(
                Happening(at(str(moment)), entry, *phases, before, status, priority, frozenset(names), "PER-000002")
            )
        return told

    return tell
