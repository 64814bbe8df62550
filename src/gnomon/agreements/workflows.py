"""How customers and agreements live (8.3)."""

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AGREEING, AUTHORS
from gnomon.workflow.tables import Move, Phase, State, Workflow

CUSTOMER = Workflow(
    name="customer",
    states=(State("active", Phase.RESOLVED, _("Active")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("active",), "retired", _("Retire"), who=AGREEING, because=True),
        Move("revive", ("retired",), "active", _("Bring back"), who=AGREEING, because=True),
    ),
)

ESCALATION_POLICY = Workflow(
    name="escalation_policy",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("in_force", Phase.RESOLVED, _("In force")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move("adopt", ("drafted", "retired"), "in_force", _("Put in force"), needs=("steps",), who=AUTHORS,
             clause="8.6.1 c"),
        Move("retire", ("drafted", "in_force"), "retired", _("Retire"), who=AUTHORS, because=True),
    ),
)  # fmt: skip

INTERNAL_AGREEMENT = Workflow(
    name="operational_level_agreement",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("agreed", Phase.RESOLVED, _("Agreed")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move(
            "agree", ("drafted",), "agreed", _("Agree"),
            needs=("team", "targets", "team_agreed_at"), who=AGREEING, clause="8.3.4.2",
        ),
        Move("revise", ("agreed",), "drafted", _("Revise"), who=AGREEING, because=True, clause="8.3.4.2"),
        Move("retire", ("drafted", "agreed"), "retired", _("Retire"), who=AGREEING, because=True),
    ),
)  # fmt: skip

AGREEMENT = Workflow(
    name="service_level_agreement",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("agreed", Phase.RESOLVED, _("Agreed")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move(
            "agree", ("drafted",), "agreed", _("Agree"),
            needs=("service", "customer", "calendar", "targets", "customer_agreed_at", "provider_agreed_at"),
            who=AGREEING, clause="8.3.3",
        ),
        Move("revise", ("agreed",), "drafted", _("Revise"), who=AGREEING, because=True, clause="8.3.3"),
        Move("retire", ("drafted", "agreed"), "retired", _("Retire"), who=AGREEING, because=True),
    ),
)  # fmt: skip
