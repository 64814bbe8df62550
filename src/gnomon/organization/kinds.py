"""Person, team, role, responsibility and service hours, each declared once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization import rules, workflows
from gnomon.organization.customizing import CHANGED_PERMISSION, CUSTOM_FIELD, LEVEL_NAME, WORKFLOW_VERSION
from gnomon.organization.models import Person, Responsibility, Role, Team, WorkCalendar
from gnomon.organization.permitting import check_role
from gnomon.organization.roles import ADMINISTRATOR, AGREEING, DIRECTING, EXPORTING, PROCESS, SMS_MANAGER, STAFF
from gnomon.records.definitions import forget_definitions
from gnomon.records.kinds import Kind

PERSON = Kind(
    name="person",
    model=Person,
    prefix="PER",
    clause="5.3",
    title=_("Person"),
    plural=_("People"),
    slug="people",
    workflow=workflows.PERSON,
    fields=("title", "username", "email", "phone", "team", "roles", "language", "time_zone", "access_until"),
    columns=("number", "title", "username", "team", "roles", "status"),
    filters=("status", "team"),
    searched=("username", "email", "phone"),
    personal=("username", "phone"),
    may={
        "read": STAFF,
        "create": (ADMINISTRATOR,),
        "change": (ADMINISTRATOR,),
        "comment": (ADMINISTRATOR, SMS_MANAGER),
        "export": (ADMINISTRATOR, SMS_MANAGER),
        "import": (ADMINISTRATOR,),
    },
    sees=rules.sees_self,
    prepare=rules.prepare_person,
    check=rules.check_person,
    lenses={"role": lambda people, role: people.holding(role)},  # type: ignore[attr-defined]
    verbs={
        "locked_out": _("Locked out after wrong passwords"),
        "password:changed": _("Password changed"),
        "notices:chosen": _("Chose how to be told"),
        "token:made": _("Token for a program made"),
        "token:revoked": _("Token for a program revoked"),
        "token:rotated": _("Token for a program rotated"),
    },
    projections=("password", "last_login"),
    icon="user",
    order="title",
)

TEAM = Kind(
    name="team",
    model=Team,
    prefix="TEAM",
    clause="5.3",
    title=_("Team"),
    plural=_("Teams"),
    workflow=workflows.TEAM,
    fields=("title", "lead", "parent", "escalates_to", "email"),
    columns=("number", "title", "lead", "parent", "escalates_to", "status"),
    filters=("status", "lead", "parent"),
    searched=("email",),
    may={
        "read": STAFF,
        "create": PROCESS,
        "change": PROCESS,
        "comment": PROCESS,
        "export": EXPORTING,
        "import": PROCESS,
    },
    check=rules.check_team,
    icon="users",
    order="title",
)

ROLE = Kind(
    name="role",
    model=Role,
    prefix="ROLE",
    clause="5.3",
    title=_("Role"),
    plural=_("Roles"),
    workflow=workflows.ROLE,
    fields=("title", "title_zh", "code", "based_on", "description", "description_zh", "authorities", "authorities_zh"),
    columns=("number", "title", "title_zh", "code", "based_on", "status"),
    searched=("title_zh", "code", "description", "description_zh", "authorities", "authorities_zh"),
    may={
        "read": STAFF, "create": DIRECTING, "change": DIRECTING, "comment": DIRECTING,
        "export": EXPORTING, "import": DIRECTING,
    },
    check=check_role,
    after=(forget_definitions,),
    lenses={"held": rules.HELD},
    requirements=("5.3-c",),
    icon="certificate",
    order="id",
)  # fmt: skip

RESPONSIBILITY = Kind(
    name="responsibility",
    model=Responsibility,
    prefix="RSP",
    clause="5.3",
    title=_("Responsibility"),
    plural=_("Responsibilities"),
    slug="responsibilities",
    workflow=workflows.RESPONSIBILITY,
    fields=("title", "person", "role", "authority", "process", "clause", "since", "until"),
    columns=("number", "title", "person", "role", "process", "clause", "since", "status"),
    filters=("status", "person", "role", "clause"),
    searched=("authority", "process", "clause"),
    may={
        "read": STAFF, "create": DIRECTING, "change": DIRECTING, "comment": DIRECTING,
        "export": EXPORTING, "import": DIRECTING,
    },
    prepare=rules.prepare_responsibility,
    check=rules.check_responsibility,
    requirements=("5.3-a", "5.3-b", "5.3-c"),
    icon="clipboard-check",
)  # fmt: skip

WORK_CALENDAR = Kind(
    name="work_calendar",
    rules=True,
    model=WorkCalendar,
    prefix="CAL",
    clause="8.3.3",
    title=_("Service hours"),
    plural=_("Service hours"),
    slug="calendars",
    workflow=workflows.WORK_CALENDAR,
    fields=("title", "hours"),
    columns=("number", "title", "status", "owner"),
    may={
        "read": STAFF, "create": AGREEING, "change": AGREEING, "comment": AGREEING,
        "export": EXPORTING, "import": AGREEING,
    },
    prepare=rules.prepare_calendar,
    check=rules.check_calendar,
    lenses={"holidays": rules.holidays_lens},
    icon="calendar",
    order="id",
)  # fmt: skip

__all__ = [
    "CHANGED_PERMISSION", "CUSTOM_FIELD", "LEVEL_NAME", "PERSON", "RESPONSIBILITY", "ROLE", "TEAM", "WORKFLOW_VERSION",
    "WORK_CALENDAR",
]  # fmt: skip
