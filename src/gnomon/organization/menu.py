"""Lines of the menu for 5.3."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AGREEING, PROCESS, STAFF
from gnomon.standard.plugs import Actor, MenuEntry, MyWork

PEOPLE = MenuEntry(title=_("People"), url="/organization/people/", clause="5.3", icon="user", roles=STAFF, order=10)
TEAMS = MenuEntry(title=_("Teams"), url="/organization/teams/", clause="5.3", icon="users", roles=STAFF, order=20)
ROLES = MenuEntry(
    title=_("Roles"), url="/organization/roles/", clause="5.3", icon="certificate", roles=STAFF, order=30, rare=True
)
RESPONSIBILITIES = MenuEntry(
    title=_("Responsibilities"), url="/organization/responsibilities/", clause="5.3", icon="clipboard-check",
    roles=STAFF, order=40, rare=True,
)  # fmt: skip
PERMISSIONS = MenuEntry(
    title=_("Permissions"),
    url="/organization/permissions/",
    clause="5.3",
    icon="shield-check",
    roles=STAFF,
    order=50,
    rare=True,
)
WORKFLOWS = MenuEntry(
    title=_("Workflows"),
    url="/organization/workflows/",
    clause="8.1",
    icon="git-branch",
    roles=STAFF,
    order=20,
    rare=True,
)
CUSTOM_FIELDS = MenuEntry(
    title=_("Custom fields"),
    url="/organization/fields/",
    clause="8.1",
    icon="columns",
    roles=PROCESS,
    order=30,
    rare=True,
)
LEVEL_NAMES = MenuEntry(
    title=_("Names of levels"), url="/organization/levels/", clause="8.1", icon="flag", roles=PROCESS, order=35,
    rare=True,
)  # fmt: skip
SERVICE_HOURS = MenuEntry(
    title=_("Service hours"),
    url="/organization/calendars/",
    clause="8.3.3",
    icon="calendar",
    roles=STAFF,
    order=90,
    rare=True,
)


def _hours_without_holidays(person: Actor) -> int:
    from gnomon.organization.models import WorkCalendar
    from gnomon.organization.queries import short_of_holidays

    return short_of_holidays(WorkCalendar.objects.visible_to(person)).count()


HOURS_WITHOUT_HOLIDAYS = MyWork(
    title=_("Service hours that lack this year's official holidays"), count=_hours_without_holidays,
    url="/organization/calendars/?holidays=unknown", icon="calendar", roles=AGREEING,
)  # fmt: skip
