"""How monitoring requirements and results live (9.1)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.organization.roles import PROCESS
from gnomon.workflow.tables import Move, Phase, State, Workflow

REQUIREMENT = Workflow(
    name="monitoring_requirement",
    states=(State("active", Phase.RESOLVED, _("Active")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("active",), "retired", _("Retire"), who=PROCESS, because=True),
        Move("revive", ("retired",), "active", _("Bring back"), who=PROCESS, because=True),
    ),
)

RESULT = Workflow(
    name="measurement_result",
    states=(
        State("recorded", Phase.OPEN, pgettext_lazy("state", "Recorded")),
        State("analysed", Phase.CLOSED, _("Analysed")),
    ),
    moves=(Move("analyse", ("recorded",), "analysed", _("Analyse"), needs=("evaluation",), who=PROCESS, clause="9.1"),),
)

SNAPSHOTS = Workflow(
    name="snapshot_seal", states=(State("kept", Phase.CLOSED, pgettext_lazy("seal", "Kept")),), moves=()
)

BASELINE = Workflow(
    name="control_baseline",
    states=(State("active", Phase.RESOLVED, _("Active")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("active",), "retired", _("Retire"), who=PROCESS, because=True),
        Move("revive", ("retired",), "active", _("Bring back"), who=PROCESS, because=True),
    ),
)
