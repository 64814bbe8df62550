"""How the ledger's own records live."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.organization.roles import ADMINISTRATOR, SMS_MANAGER
from gnomon.workflow.tables import Move, Phase, State, Workflow

KEEPERS = (ADMINISTRATOR, SMS_MANAGER)

VERIFICATION = Workflow(
    name="ledger_verification",
    states=(
        State("begun", Phase.OPEN, pgettext_lazy("verification", "Begun")),
        State("whole", Phase.CLOSED, pgettext_lazy("verification", "Whole")),
        State("broken", Phase.OPEN, pgettext_lazy("verification", "Broken")),
        State("explained", Phase.CLOSED, pgettext_lazy("verification", "Explained")),
    ),
    moves=(
        Move("find_whole", ("begun",), "whole", _("Found whole"), who=(), clause="7.5.3.2"),
        Move("find_broken", ("begun",), "broken", _("Found broken"), who=(), clause="7.5.3.2"),
        Move(
            "explain", ("broken",), "explained", _("Explain"), who=KEEPERS, because=True,
            clause="7.5.3.2",
        ),
    ),
)  # fmt: skip

STAMP = Workflow(
    name="time_stamp",
    states=(
        State("wanted", Phase.OPEN, pgettext_lazy("time stamp", "Wanted")),
        State("kept", Phase.CLOSED, pgettext_lazy("time stamp", "Kept")),
        State("given_up", Phase.CLOSED, pgettext_lazy("time stamp", "Given up")),
    ),
    moves=(
        Move("keep", ("wanted",), "kept", _("Keep the answer"), who=(), clause="7.5.3.2"),
        Move("give_up", ("wanted",), "given_up", _("Give up"), who=KEEPERS, because=True),
    ),
)  # fmt: skip

MESSAGES = Workflow(name="message_seal", states=(State("kept", Phase.CLOSED, pgettext_lazy("seal", "Kept")),), moves=())

KEY = Workflow(
    name="signing_key",
    states=(State("in_use", Phase.OPEN, _("In use")), State("replaced", Phase.CLOSED, _("Replaced"))),
    moves=(Move("replace", ("in_use",), "replaced", _("Replace"), who=(), clause="7.5.3.2"),),
)
