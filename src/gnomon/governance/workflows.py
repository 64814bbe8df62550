"""How documents live (7.5.2, 7.5.3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.governance.sealing.workflows import KEY, MESSAGES, STAMP, VERIFICATION
from gnomon.organization.roles import ADMINISTRATOR, AUTHORS, PROCESS, SMS_MANAGER
from gnomon.workflow.tables import Move, Phase, State, Workflow

__all__ = ["DOCUMENT", "ERASURE", "FORGETTING", "KEY", "MESSAGES", "NOTICE_TEXT", "STAMP", "VERIFICATION"]

DOCUMENT = Workflow(
    name="document",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("published", Phase.RESOLVED, _("Published")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move(
            "publish", ("drafted",), "published", _("Publish"),
            needs=("text", "approved_by", "edition"), who=AUTHORS, clause="7.5.2",
        ),
        Move("revise", ("published",), "drafted", _("Revise"), who=AUTHORS, because=True, clause="7.5.3.2"),
        Move("withdraw", ("drafted", "published"), "withdrawn", _("Withdraw"), who=AUTHORS, because=True),
    ),
)  # fmt: skip

NOTICE_TEXT = Workflow(
    name="notice_text",
    states=(State("in_use", Phase.OPEN, _("In use")), State("set_aside", Phase.CLOSED, _("Set aside"))),
    moves=(
        Move("set_aside", ("in_use",), "set_aside", _("Back to the usual words"), who=PROCESS, clause="7.4"),
        Move("take_up", ("set_aside",), "in_use", _("Use it again"), who=PROCESS, clause="7.4"),
    ),
)

FORGETTING = (ADMINISTRATOR, SMS_MANAGER)

ERASURE = Workflow(
    name="erasure",
    states=(
        State("requested", Phase.OPEN, _("Requested")),
        State("approved", Phase.OPEN, pgettext_lazy("erasure", "Approved")),
        State("carried_out", Phase.CLOSED, _("Carried out")),
        State("refused", Phase.CLOSED, pgettext_lazy("erasure", "Refused")),
    ),
    moves=(
        Move("approve", ("requested",), "approved", pgettext_lazy("erasure", "Approve"), who=FORGETTING, clause="7.5.3.2"),
        Move("refuse", ("requested", "approved"), "refused", _("Refuse"), who=FORGETTING, because=True),
        Move(
            "carry_out", ("approved",), "carried_out", _("Carry out"), who=(), clause="7.5.3.2",
            asks=("values_erased", "records_blanked"),
        ),
    ),
)  # fmt: skip
