"""How incidents, major ones, and what belongs to them move (8.6.1)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.organization.roles import AUTHORS, DESK, PROCESS
from gnomon.workflow.tables import Move, Phase, State, Workflow

WORKING = ("new", "assigned", "in_progress", "waiting")
# Who runs major incidents: the desk, and those who answer for the process.
RUNNING = (*DESK, "sms_manager")

INCIDENT = Workflow(
    name="incident",
    states=(
        State("new", Phase.OPEN, _("New")),
        State("assigned", Phase.OPEN, _("Assigned")),
        State("in_progress", Phase.OPEN, _("In progress")),
        State("waiting", Phase.WAITING, _("Waiting")),
        State("resolved", Phase.RESOLVED, _("Resolved")),
        State("closed", Phase.CLOSED, _("Closed")),
        State("cancelled", Phase.CLOSED, _("Cancelled")),
        State("merged", Phase.CLOSED, _("Merged")),
    ),
    moves=(
        Move(
            "assign", WORKING, "assigned", _("Assign"),
            needs=("team",), asks=("assignee",), who=DESK, clause="8.6.1",
        ),
        Move(
            "start", ("new", "assigned", "waiting"), "in_progress", _("Start work"),
            asks=("assignee",), who=DESK, clause="8.6.1",
        ),
        Move(
            "wait", ("new", "assigned", "in_progress"), "waiting", _("Wait"),
            needs=("waiting_reason",), who=DESK, clause="8.6.1",
        ),
        Move("resume", ("waiting",), "in_progress", _("Resume"), who=DESK, clause="8.6.1"),
        Move(
            "escalate", WORKING, "assigned", _("Escalate"),
            needs=("team",), asks=("assignee", "priority"), who=DESK, clause="8.6.1 c", because=True,
        ),
        Move(
            "resolve", WORKING, "resolved", _("Resolve"),
            needs=("resolution", "closure_code"), who=DESK, clause="8.6.1 d",
        ),
        Move(
            "reopen", ("resolved", "closed"), "in_progress", _("Reopen"),
            who=(*DESK, "requester"), clause="8.6.1", because=True,
        ),
        Move(
            "close", ("resolved",), "closed", _("Close"),
            needs=("resolution", "closure_code"), asks=("category", "service"),
            who=(*DESK, "requester"), clause="8.6.1 e",
        ),
        Move(
            "cancel", ("new", "assigned"), "cancelled", _("Cancel incident"),
            who=DESK, clause="8.6.1", because=True,
        ),
        Move(
            "merge", (*WORKING, "resolved"), "merged", _("Merge"),
            needs=("merged_into",), who=DESK, clause="8.6.1", because=True,
        ),
        Move(
            "unmerge", ("merged",), "new", _("Take out of the merge"),
            or_ends=(*WORKING[1:], "resolved"), who=DESK, clause="8.6.1", because=True,
        ),
    ),
    version=2,
)  # fmt: skip

# What incidents lived by before they could be merged; those recorded then keep it until they are merged.
INCIDENT_BEFORE = Workflow(
    name="incident",
    states=tuple(state for state in INCIDENT.states if state.name != "merged"),
    moves=tuple(move for move in INCIDENT.moves if move.name not in {"merge", "unmerge"}),
)

IN_USE = Workflow(
    name="priority_matrix",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("in_use", Phase.RESOLVED, _("In use")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move("adopt", ("drafted", "retired"), "in_use", _("Put in use"), who=AUTHORS, clause="8.6.1 b"),
        Move("retire", ("drafted", "in_use"), "retired", _("Retire"), who=AUTHORS, because=True),
    ),
)


def _ready(name: str) -> Workflow:
    """How words and facts that are ready for others live: written, used, put away."""
    return Workflow(
        name=name,
        states=(
            State("drafted", Phase.OPEN, _("Drafted")),
            State("in_use", Phase.RESOLVED, _("In use")),
            State("retired", Phase.CLOSED, _("Retired")),
        ),
        moves=(
            Move("adopt", ("drafted", "retired"), "in_use", _("Put in use"), who=DESK, clause="8.6.1"),
            Move("retire", ("drafted", "in_use"), "retired", _("Retire"), who=DESK),
        ),
    )


REPLY_TEMPLATE = _ready("reply_template")
INCIDENT_TEMPLATE = _ready("incident_template")

CRITERIA = Workflow(
    name="major_incident_criteria",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("approved", Phase.RESOLVED, _("Approved")),
        State("retired", Phase.CLOSED, _("Retired")),
    ),
    moves=(
        Move(
            "approve", ("drafted",), "approved", _("Approve"),
            needs=("criteria",), who=("sms_manager", "top_management", "administrator"), clause="8.6.1",
        ),
        Move("revise", ("approved",), "drafted", _("Revise"), who=AUTHORS, because=True),
        Move("retire", ("drafted", "approved"), "retired", _("Retire"), who=AUTHORS, because=True),
    ),
)  # fmt: skip

REVIEW = Workflow(
    name="major_incident_review",
    states=(
        State("planned", Phase.OPEN, _("Planned")),
        State("held", Phase.RESOLVED, pgettext_lazy("meeting", "Held")),
        State("closed", Phase.CLOSED, _("Closed")),
    ),
    moves=(
        Move("hold", ("planned",), "held", _("Hold"), needs=("report",), who=AUTHORS, clause="8.6.1"),
        Move("close", ("held",), "closed", _("Close"), who=AUTHORS, clause="8.6.1"),
    ),
)

RATING = Workflow(
    name="satisfaction_rating",
    states=(
        State("asked", Phase.OPEN, pgettext_lazy("rating", "Asked")),
        State("answered", Phase.CLOSED, pgettext_lazy("rating", "Answered")),
        State("lapsed", Phase.CLOSED, pgettext_lazy("rating", "Not answered")),
    ),
    moves=(
        Move(
            "answer", ("asked", "lapsed"), "answered", _("Answer"),
            needs=("score",), asks=("comment",), who=("requester",), clause="8.3.2",
        ),
        Move("lapse", ("asked",), "lapsed", _("Let rest"), who=PROCESS, clause="8.3.2"),
    ),
)  # fmt: skip
MAJOR = Workflow(
    name="major_incident",
    states=(
        State("declared", Phase.OPEN, _("Declared")),
        State("ended", Phase.CLOSED, _("Ended")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move("end", ("declared",), "ended", _("End the major incident"), who=RUNNING, clause="8.6.1"),
        Move("withdraw", ("declared",), "withdrawn", _("Withdraw"), who=RUNNING, clause="8.6.1", because=True),
        Move("resume", ("ended",), "declared", _("Declare again"), who=RUNNING, clause="8.6.1", because=True),
    ),
)

TASK = Workflow(
    name="incident_task",
    states=(
        State("open", Phase.OPEN, pgettext_lazy("task", "Open")),
        State("done", Phase.CLOSED, pgettext_lazy("task", "Done")),
        State("dropped", Phase.CLOSED, pgettext_lazy("task", "Dropped")),
    ),
    moves=(
        Move("finish", ("open",), "done", pgettext_lazy("task", "Done"), who=RUNNING, clause="8.6.1"),
        Move("drop", ("open",), "dropped", pgettext_lazy("task", "Drop"), who=RUNNING, because=True),
        Move("reopen", ("done", "dropped"), "open", _("Reopen"), who=RUNNING),
    ),
)

NOTICE = Workflow(
    name="customer_notice",
    states=(
        State("drafted", Phase.OPEN, _("Drafted")),
        State("published", Phase.RESOLVED, _("Published")),
        State("replaced", Phase.CLOSED, _("Replaced")),
        State("withdrawn", Phase.CLOSED, _("Withdrawn")),
    ),
    moves=(
        Move("publish", ("drafted",), "published", _("Publish"), who=RUNNING, clause="8.6.1"),
        Move("replace", ("published",), "replaced", _("Replace"), who=RUNNING),
        Move("withdraw", ("drafted", "published"), "withdrawn", _("Withdraw"), who=RUNNING, because=True),
    ),
)

CATEGORY = Workflow(
    name="category",
    states=(State("in_use", Phase.OPEN, _("In use")), State("retired", Phase.CLOSED, _("Retired"))),
    moves=(
        Move("retire", ("in_use",), "retired", _("Retire"), who=AUTHORS, clause="8.6.1 a", because=True),
        Move("bring_back", ("retired",), "in_use", _("Bring back"), who=AUTHORS, clause="8.6.1 a"),
    ),
)
