"""The lives of people, teams, roles, responsibilities and calendars."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import ADMINISTRATOR, AGREEING, DIRECTING, PROCESS
from gnomon.workflow.tables import Move, Phase, State, Workflow

PERSON = Workflow(
    name="person",
    states=(State("active", Phase.OPEN, _("Active")), State("left", Phase.CLOSED, _("Left"))),
    moves=(
        Move("leave", ("active",), "left", _("Leave"), who=(ADMINISTRATOR,), clause="5.3", because=True),
        Move("return", ("left",), "active", _("Return"), who=(ADMINISTRATOR,), clause="5.3"),
    ),
)

TEAM = Workflow(
    name="team",
    states=(State("active", Phase.OPEN, _("Active")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("active",), "retired", _("Retire"), who=PROCESS, clause="5.3", because=True),
        Move("revive", ("retired",), "active", _("Revive"), who=PROCESS, clause="5.3"),
    ),
)

ROLE = Workflow(
    name="role",
    states=(State("in_use", Phase.OPEN, _("In use")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("in_use",), "retired", _("Retire"), who=DIRECTING, clause="5.3", because=True),
        Move("revive", ("retired",), "in_use", _("Revive"), who=DIRECTING, clause="5.3"),
    ),
)

RESPONSIBILITY = Workflow(
    name="responsibility",
    states=(State("held", Phase.OPEN, _("Held")), State("ended", Phase.CLOSED, _("Ended"))),
    moves=(Move("end", ("held",), "ended", _("End"), needs=("until",), who=DIRECTING, clause="5.3"),),
)

WORK_CALENDAR = Workflow(
    name="work_calendar",
    states=(State("in_use", Phase.OPEN, _("In use")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("in_use",), "retired", _("Retire"), who=AGREEING, clause="8.3.3", because=True),
        Move("revive", ("retired",), "in_use", _("Revive"), who=AGREEING, clause="8.3.3"),
    ),
)

CUSTOM_FIELD = Workflow(
    name="custom_field",
    states=(State("in_use", Phase.OPEN, _("In use")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("in_use",), "retired", _("Retire"), who=PROCESS, clause="8.1", because=True),
        Move("bring_back", ("retired",), "in_use", _("Bring back"), who=PROCESS, clause="8.1"),
    ),
)

LEVEL_NAME = Workflow(
    name="level_name",
    states=(State("in_use", Phase.OPEN, _("In use")), State("set_aside", Phase.CLOSED, _("Set aside"))),
    moves=(
        Move("set_aside", ("in_use",), "set_aside", _("Back to the usual name"), who=PROCESS, clause="8.1"),
        Move("take_up", ("set_aside",), "in_use", _("Use it again"), who=PROCESS, clause="8.1"),
    ),
)

CHANGED_PERMISSION = Workflow(
    name="changed_permission",
    states=(State("in_use", Phase.OPEN, _("In use")), State("set_aside", Phase.CLOSED, _("Set aside"))),
    moves=(
        Move("set_aside", ("in_use",), "set_aside", _("Back to the usual"), who=(ADMINISTRATOR,), clause="5.3"),
        Move("take_up", ("set_aside",), "in_use", _("Use it again"), who=(ADMINISTRATOR,), clause="5.3"),
    ),
)

WORKFLOW_VERSION = Workflow(
    name="workflow_version",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("in_force", Phase.RESOLVED, _("In force")),
        State("replaced", Phase.CLOSED, _("Replaced")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move(
            "put_in_force", ("drafted",), "in_force", _("Put in force"),
            who=PROCESS, clause="8.1", because=True,
        ),
        Move("replace", ("in_force",), "replaced", _("Set aside"), who=PROCESS, clause="8.1", because=True),
        Move("withdraw", ("drafted",), "withdrawn", _("Withdraw"), who=PROCESS, clause="8.1", because=True),
    ),
)  # fmt: skip
