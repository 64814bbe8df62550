"""Kinds of running a major incident (8.6.1): the declaration, the tasks, the texts for customers."""

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AUTHORS, SPEAKING, STAFF
from gnomon.records.kinds import Kind
from gnomon.resolution import customer_notices, majors, showing, tasks
from gnomon.resolution.models import CustomerNotice, IncidentTask, MajorIncident
from gnomon.resolution.workflows import MAJOR, NOTICE, RUNNING, TASK

MAY = {"read": STAFF, "create": RUNNING, "change": RUNNING, "comment": SPEAKING, "export": STAFF, "import": AUTHORS}

major_incident = Kind(
    name="major_incident",
    model=MajorIncident,
    prefix="MAJ",
    clause="8.6.1",
    title=_("Major incident"),
    plural=_("Major incidents"),
    workflow=MAJOR,
    fields=(
        "title", "incident", "reason", "manager", "technical_lead", "communicator", "criteria", "informed", "informed_at",
        "update_every", "next_update_due_at",
    ),
    columns=("number", "title", "incident", "status", "manager", "declared_at", "next_update_due_at"),
    filters=("status", "incident", "manager"),
    may=MAY,
    prepare=majors.what_follows,
    check=majors.what_is_wrong,
    after=(majors.keep_incident,),
    cells=showing.major_cells,
    requirements=("8.6.1-i", "8.6.1-j", "8.6.1-k"),
    icon="bolt",
)  # fmt: skip

incident_task = Kind(
    name="incident_task",
    model=IncidentTask,
    prefix="ITK",
    clause="8.6.1",
    title=_("Incident task"),
    plural=_("Incident tasks"),
    workflow=TASK,
    fields=("title", "incident", "owner", "due_at"),
    columns=("number", "title", "incident", "status", "owner", "due_at"),
    filters=("status", "incident", "owner"),
    may=MAY,
    lenses={"in_time": tasks.IN_TIME},
    prepare=tasks.what_follows,
    icon="checklist",
)

customer_notice = Kind(
    name="customer_notice",
    model=CustomerNotice,
    prefix="CNT",
    clause="8.6.1",
    title=_("Notice to customers"),
    plural=_("Notices to customers"),
    workflow=NOTICE,
    fields=("title", "incident", "text_en", "text_zh"),
    columns=("number", "title", "incident", "status", "published_at"),
    filters=("status", "incident"),
    searched=("text_en", "text_zh"),
    may=MAY,
    sees=customer_notices.published_ones,
    prepare=customer_notices.what_follows,
    check=customer_notices.what_is_wrong,
    after=(customer_notices.replace_older,),
    icon="message",
)
