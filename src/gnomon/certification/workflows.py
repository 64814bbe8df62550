"""The lives of runs, judgements and own limits: short, since each is made once and at most withdrawn."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.organization.roles import ADMINISTRATOR, EXTERNAL_AUDITOR, INTERNAL_AUDITOR, SMS_MANAGER, TOP_MANAGEMENT
from gnomon.workflow.tables import Move, Phase, State, Workflow

RUN = Workflow(name="conformity_run", states=(State("finished", Phase.CLOSED, _("Finished")),), moves=())

# With authority to attest where records cannot tell.
ATTESTERS = (SMS_MANAGER, TOP_MANAGEMENT)
JUDGES = (SMS_MANAGER, INTERNAL_AUDITOR, TOP_MANAGEMENT)

JUDGEMENT = Workflow(
    name="judgement",
    states=(State("given", Phase.OPEN, _("Given")), State("withdrawn", Phase.CLOSED, _("Withdrawn"))),
    moves=(Move("withdraw", ("given",), "withdrawn", _("Withdraw"), who=JUDGES, clause="9.2", because=True),),
)


def _until_withdrawn(name: str) -> Workflow:
    return Workflow(
        name=name,
        states=(State("in_force", Phase.OPEN, _("In force")), State("withdrawn", Phase.CLOSED, _("Withdrawn"))),
        moves=(Move("withdraw", ("in_force",), "withdrawn", _("Withdraw"), who=(SMS_MANAGER,), because=True),),
    )


RULE_LIMIT = _until_withdrawn("rule_limit")
PLANNED_ACTIVITY = _until_withdrawn("planned_activity")
OPERATION = _until_withdrawn("operation")

ORDERERS = (SMS_MANAGER, INTERNAL_AUDITOR, EXTERNAL_AUDITOR, ADMINISTRATOR)
KEEPERS = (SMS_MANAGER, ADMINISTRATOR)

DRAWERS = (SMS_MANAGER, INTERNAL_AUDITOR, EXTERNAL_AUDITOR)

# Nobody draws by hand: it is done as soon as a sample is ordered, from very many records by the job.
SAMPLE = Workflow(
    name="sample",
    states=(
        State("ordered", Phase.OPEN, _("Ordered")),
        State("drawn", Phase.OPEN, pgettext_lazy("sample", "Drawn")),
        State("concluded", Phase.CLOSED, pgettext_lazy("sample", "Concluded")),
        State("refused", Phase.CLOSED, _("Could not be drawn")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move("draw", ("ordered",), "drawn", pgettext_lazy("sample", "Draw"), clause="9.2"),
        Move("refuse", ("ordered",), "refused", _("Say why not"), because=True),
        Move("conclude", ("drawn",), "concluded", _("Conclude"), needs=("conclusion",), who=DRAWERS, clause="9.2.1"),
        Move("withdraw", ("ordered", "drawn"), "withdrawn", _("Withdraw"), who=DRAWERS, because=True),
    ),
    version=2,
)

# What samples lived by when they were drawn within the order.
SAMPLE_BEFORE = Workflow(
    name="sample",
    states=tuple(state for state in SAMPLE.states if state.name not in {"ordered", "refused"}),
    moves=tuple(replace(move, starts=("drawn",)) for move in SAMPLE.moves if move.name not in {"draw", "refuse"}),
)

# Nobody makes or refuses a pack by hand: the job does, and the moves have no role.
AUDIT_PACK = Workflow(
    name="audit_pack",
    states=(
        State("ordered", Phase.OPEN, _("Ordered")),
        State("made", Phase.RESOLVED, _("Made")),
        State("refused", Phase.WAITING, _("Could not be made")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move("make", ("ordered",), "made", _("Make"), needs=("run", "checkpoint", "digest"), clause="9.2.2"),
        Move("refuse", ("ordered",), "refused", _("Say why not"), because=True),
        Move("order_again", ("refused",), "ordered", _("Order again"), who=ORDERERS),
        Move("withdraw", ("ordered", "made", "refused"), "withdrawn", _("Withdraw"), who=KEEPERS, because=True),
    ),
)
