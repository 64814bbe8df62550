"""The workflow of a webhook."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import PROCESS
from gnomon.workflow.tables import Move, Phase, State, Workflow

WEBHOOK = Workflow(
    name="webhook_subscription",
    states=(
        State("proposed", Phase.OPEN, _("Proposed")),
        State("active", Phase.RESOLVED, _("Active")),
        State("paused", Phase.WAITING, _("Paused")),
        State("disabled", Phase.WAITING, _("Disabled")),
        State("ended", Phase.CLOSED, _("Ended")),
    ),
    moves=(
        Move("activate", ("proposed",), "active", _("Activate"), who=PROCESS),
        Move("pause", ("active",), "paused", _("Pause"), who=PROCESS),
        Move("resume", ("paused", "disabled"), "active", _("Resume"), who=PROCESS),
        Move("disable", ("active", "paused"), "disabled", _("Disable"), who=PROCESS, because=True),
        Move("end", ("proposed", "active", "paused", "disabled"), "ended", _("End"), who=PROCESS, because=True),
    ),
)
