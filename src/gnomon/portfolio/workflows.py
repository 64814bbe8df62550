"""How services live (8.2, 8.5.2)."""

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AUTHORS
from gnomon.workflow.tables import Move, Phase, State, Workflow

SERVICE = Workflow(
    name="service",
    states=(
        State("planned", Phase.OPEN, _("Planned")),
        State("live", Phase.RESOLVED, _("Live")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move("go_live", ("planned",), "live", _("Go live"), needs=("owner",), who=AUTHORS, clause="8.5.2"),
        Move("retire", ("planned", "live"), "retired", _("Retire"), who=AUTHORS, because=True, clause="8.5.2"),
        Move("revive", ("retired",), "live", _("Bring back"), who=AUTHORS, because=True),
    ),
)
