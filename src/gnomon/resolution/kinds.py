"""Kinds of resolution (8.6)."""

from django.utils.translation import gettext_lazy as _

from gnomon.agreements.escalation.entries import in_words
from gnomon.organization.queries import teams_of
from gnomon.organization.roles import AUTHORS, DESK, SPEAKING, STAFF
from gnomon.records.kinds import Derivation, Kind
from gnomon.resolution import incidents, matrices, presets, relays, replies, reviews, showing, verdicts
from gnomon.resolution.category_kind import category
from gnomon.resolution.clocks import foresee_clocks, keep_clocks, rebuild_clocks
from gnomon.resolution.inherited import pins_then
from gnomon.resolution.lenses import DESK_VIEWS, LENSES
from gnomon.resolution.major_kinds import customer_notice, incident_task, major_incident
from gnomon.resolution.models import (
    Incident,
    IncidentTemplate,
    MajorIncidentCriteria,
    MajorIncidentReview,
    PriorityMatrix,
    ReplyTemplate,
)
from gnomon.resolution.more import of_incident
from gnomon.resolution.rating_kinds import satisfaction_rating
from gnomon.resolution.time import keep_time, rebuild_time
from gnomon.resolution.workflows import (
    CRITERIA,
    IN_USE,
    INCIDENT,
    INCIDENT_BEFORE,
    INCIDENT_TEMPLATE,
    REPLY_TEMPLATE,
    REVIEW,
    RUNNING,
)

__all__ = ["category", "customer_notice", "incident_task", "major_incident", "satisfaction_rating"]

incident = Kind(
    name="incident",
    model=Incident,
    prefix="INC",
    clause="8.6.1",
    title=_("Incident"),
    plural=_("Incidents"),
    workflow=INCIDENT,
    before=(INCIDENT_BEFORE,),
    fields=(
        "title", "description", "requester", "customer", "service", "channel", "category", "subcategory",
        "impact", "urgency", "priority", "team", "assignee", "opened_at", "parent",
    ),
    asks=("title", "description", "requester", "service", "channel", "category", "impact", "urgency"),
    shows=("waiting_reason", "resolution", "closure_code", "resolved_at", "closed_at"),
    open_reasons=("wait", "reopen", "cancel"),
    columns=("number", "title", "priority", "status", "due_at", "service", "team", "assignee", "opened_at"),
    listed=("number", "title", "priority", "status", "due_at", "age", "team", "assignee", "service"),
    extra_columns={"age": _("Age")},
    mine={"team": teams_of},
    views=DESK_VIEWS,
    filters=(
        "status", "priority", "team", "assignee", "service", "requester", "customer", "category", "impact", "urgency",
        "channel", "waiting_reason", "is_major", "resolve_met", "respond_met", "parent", "merged_into",
    ),
    searched=("description", "resolution", "external_number", "category"),
    may={
        "read": STAFF,
        "create": (*DESK, "requester"),
        "change": DESK,
        "comment": (*SPEAKING, "requester"),
        "export": STAFF,
        "import": AUTHORS,
        "declare_major": RUNNING,
        "withdraw_major": RUNNING,
        "run_major": RUNNING,
    },
    sees=incidents.own_incidents,
    open_to=("requester",),
    prepare=incidents.what_follows,
    check=incidents.what_is_wrong,
    ahead=incidents.rests_on_rules,
    foresees=foresee_clocks,
    after=(keep_clocks, keep_time, incidents.keep_others),
    rebuild=(rebuild_clocks, rebuild_time),
    lenses=LENSES,
    cells=showing.cells,
    stories=showing.stories,
    tells={"escalation": (_("What was done"), in_words)},
    more=of_incident,
    inherits=pins_then,
    leads_to=relays.leads_to,
    told_with=relays.told_with,
    verbs={
        "escalation": _("Escalation"),
        "declare_major": _("Declare a major incident"),
        "withdraw_major": _("Withdraw the major incident"),
        "run_major": _("Run the major incident"),
        "merged_in": _("Merged into this one"),
        "taken_out": _("Taken out of the merge"),
        "split_off": _("Split off"),
        "replied": _("Reply by way of"),
        "answered": _("Answered on"),
    },
    requirements=(
        "8.6.1-a1", "8.6.1-a2", "8.6.1-b", "8.6.1-c", "8.6.1-d", "8.6.1-e", "8.6.1-f", "8.6.1-i", "8.6.1-j", "8.6.1-k",
    ),
    presets=presets.presets,
    projections=("due_at", "respond_due_at", "resolve_due_at", "respond_met", "resolve_met", "minutes_spent"),
    personal=("source",),
    derives=Derivation(verdicts.FIELDS, verdicts.verdicts_after_each),
    by_number=True,
    icon="flame",
)  # fmt: skip

priority_matrix = Kind(
    name="priority_matrix",
    rules=True,
    model=PriorityMatrix,
    prefix="PMX",
    clause="8.6.1",
    slug="priority-matrices",
    title=_("Priority matrix"),
    plural=_("Priority matrices"),
    workflow=IN_USE,
    fields=("title", "table", "owner"),
    may={"read": STAFF, "create": AUTHORS, "change": AUTHORS, "comment": SPEAKING, "export": STAFF, "import": AUTHORS},
    prepare=matrices.what_follows,
    check=matrices.what_is_wrong,
    requirements=("8.6.1-b",),
    icon="columns",
)

major_incident_criteria = Kind(
    name="major_incident_criteria",
    rules=True,
    model=MajorIncidentCriteria,
    prefix="MIC",
    clause="8.6.1",
    slug="major-incident-criteria",
    title=_("Major incident criteria"),
    plural=_("Major incident criteria"),
    workflow=CRITERIA,
    fields=("title", "criteria", "priority_at_least", "criticality_at_least", "procedure", "checklist", "owner"),
    columns=("number", "title", "status", "priority_at_least", "procedure", "owner"),
    searched=("criteria",),
    may={"read": STAFF, "create": AUTHORS, "change": AUTHORS, "comment": SPEAKING, "export": STAFF, "import": AUTHORS},
    requirements=("8.6.1-g", "8.6.1-h"),
    icon="bolt",
)

major_incident_review = Kind(
    name="major_incident_review",
    model=MajorIncidentReview,
    prefix="MIR",
    clause="8.6.1",
    title=_("Major incident review"),
    plural=_("Major incident reviews"),
    workflow=REVIEW,
    fields=(
        "title", "incident", "report", "reported_at", "held_at", "improvements", "no_improvement_reason", "owner",
    ),
    columns=("number", "title", "incident", "status", "held_at", "owner"),
    prepare=reviews.what_follows,
    check=reviews.what_is_wrong,
    searched=("report", "improvements"),
    may={"read": STAFF, "create": AUTHORS, "change": AUTHORS, "comment": SPEAKING, "export": STAFF, "import": AUTHORS},
    requirements=("8.6.1-l",),
    icon="history",
)  # fmt: skip

reply_template = Kind(
    name="reply_template",
    model=ReplyTemplate,
    prefix="RPT",
    clause="8.6.1",
    title=_("Reply template"),
    plural=_("Reply templates"),
    workflow=REPLY_TEMPLATE,
    fields=("title", "title_zh", "text", "text_zh", "category", "team", "owner"),
    columns=("number", "title", "title_zh", "status", "category", "team", "owner"),
    filters=("status", "team", "category"),
    searched=("text", "text_zh", "title_zh"),
    may={"read": STAFF, "create": DESK, "change": DESK, "comment": SPEAKING, "export": STAFF, "import": AUTHORS},
    check=replies.what_is_wrong,
    icon="messages",
)

incident_template = Kind(
    name="incident_template",
    model=IncidentTemplate,
    prefix="ITP",
    clause="8.6.1",
    title=_("Incident template"),
    plural=_("Incident templates"),
    workflow=INCIDENT_TEMPLATE,
    fields=(
        "title", "subject", "description", "service", "category", "subcategory", "channel", "impact", "urgency", "team",
        "owner",
    ),
    columns=("number", "title", "status", "service", "category", "team", "owner"),
    filters=("status", "service", "team"),
    searched=("subject", "description"),
    may={"read": STAFF, "create": DESK, "change": DESK, "comment": SPEAKING, "export": STAFF, "import": AUTHORS},
    icon="copy",
)  # fmt: skip
