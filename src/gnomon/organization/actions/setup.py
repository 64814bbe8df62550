"""What every installation begins with: the ten roles, and two sets of service hours."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.china import with_official_holidays
from gnomon.calendars.hours import ALL_DAY, hours
from gnomon.organization.kinds import ROLE, WORK_CALENDAR
from gnomon.organization.models import Role, WorkCalendar
from gnomon.organization.roles import ROLES
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Actor

# A title is what people wrote, so it is not translated: those of ready-made hours read in both languages.
ROUND_THE_CLOCK = "24×7"
CHINA_OFFICE_HOURS = "中国办公时间 China office hours"


def prepare_organization(*, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """Make what is still missing of the ready-made roles, which stand since `at`, and service hours; safe to repeat."""
    seed_roles(by=by, at=at)
    seed_calendars(by=by)


def seed_roles(*, by: Actor = SYSTEM, at: datetime | None = None) -> list[Role]:
    """Record those of the ten roles that are not there yet (5.3)."""
    known = set(Role.objects.values_list("code", flat=True))
    return [
        cast(
            Role,
            actions.record(
                ROLE, by=by, at=at, code=role.code, title=role.en, title_zh=role.zh, description=role.purpose_en,
                description_zh=role.purpose_zh, authorities=role.may_en, authorities_zh=role.may_zh,
            ),
        )
        for role in ROLES
        if role.code not in known
    ]  # fmt: skip


def seed_calendars(*, by: Actor = SYSTEM) -> list[WorkCalendar]:
    """Record round-the-clock and Chinese office hours, unless calendars of these names are there."""
    known = set(WorkCalendar.objects.values_list("title", flat=True))
    made = {ROUND_THE_CLOCK: round_the_clock(), CHINA_OFFICE_HOURS: china_office_hours()}
    return [
        cast(WorkCalendar, actions.record(WORK_CALENDAR, by=by, title=title, hours=calendar.definition()))
        for title, calendar in made.items()
        if title not in known
    ]


def round_the_clock() -> Calendar:
    """Every hour of every day."""
    return Calendar(week=(ALL_DAY,) * 7, time_zone="Asia/Shanghai")


def china_office_hours() -> Calendar:
    """Monday to Friday, 09:00 to 18:00, with the official holidays and make-up workdays of every known year."""
    working = hours("09:00-18:00")
    week = (working, working, working, working, working, (), ())
    return with_official_holidays(Calendar(week=week, time_zone="Asia/Shanghai"))
