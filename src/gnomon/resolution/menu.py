"""Where resolution stands in the menu, and what waits for whom (8.6)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import DESK, PROCESS, REQUESTER, STAFF
from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.standard.plugs import Actor, MenuEntry, MyWork

INCIDENTS = "/resolution/incidents/"
MINE = "assignee=me&phase=unresolved&sort=due_at"
NOBODYS = "assignee=none&phase=unresolved&sort=due_at"
MAJORS, NOW = "/resolution/major-incidents/", "status=declared"
TASKS, OWN = "/resolution/incident-tasks/", "owner=me&status=open&sort=due_at"
REPORTED = "requester=me&phase=unresolved"


def waiting(query: str, kind: str = "incident") -> Callable[[Actor], int]:
    """How many records the list with this query holds for a person: the number is that of the list."""
    parameters = {name: [value] for name, value in parse_qsl(query)}

    def count(person: Actor) -> int:
        return Listing(kind_named(kind), person, parameters).count()

    return count


REPORT = MenuEntry(
    title=_("Report a fault"),
    url="/portal/report",
    clause="8.6.1",
    icon="alert-triangle",
    roles=(REQUESTER,),
    order=5,
)
PORTAL = MenuEntry(
    title=_("What works now"), url="/portal", clause="8.6.1", icon="activity", roles=(REQUESTER,), order=4
)
RATINGS = MenuEntry(
    title=_("Satisfaction ratings"), url="/resolution/satisfaction-ratings/", clause="8.3.2", icon="star",
    roles=STAFF, order=60,
)  # fmt: skip
DESK_QUEUE = MenuEntry(title=_("Incidents"), url=INCIDENTS, clause="8.6.1", icon="flame", roles=STAFF, order=10)
MAJOR_INCIDENTS = MenuEntry(title=_("Major incidents"), url=MAJORS, clause="8.6.1", icon="bolt", roles=STAFF, order=15)
REVIEWS = MenuEntry(
    title=_("Major incident reviews"), url="/resolution/major-incident-reviews/", clause="8.6.1", icon="history",
    roles=STAFF, order=20, rare=True,
)  # fmt: skip
CRITERIA = MenuEntry(
    title=_("Major incident criteria"), url="/resolution/major-incident-criteria/", clause="8.6.1", icon="bolt",
    roles=STAFF, order=30, rare=True,
)  # fmt: skip
CATEGORIES = MenuEntry(
    title=_("Categories"),
    url="/resolution/categories/",
    clause="8.6.1",
    icon="category",
    roles=STAFF,
    order=35,
    rare=True,
)
MATRICES = MenuEntry(
    title=_("Priority matrices"), url="/resolution/priority-matrices/", clause="8.6.1", icon="columns",
    roles=PROCESS, order=40, rare=True,
)  # fmt: skip
RECURRING = MenuEntry(
    title=_("Recurring incidents"), url="/resolution/recurring", clause="8.6.1", icon="refresh", roles=STAFF, order=15,
)  # fmt: skip
REPLIES = MenuEntry(
    title=_("Reply templates"), url="/resolution/reply-templates/", clause="8.6.1", icon="messages", roles=DESK,
    order=50, rare=True,
)  # fmt: skip
INCIDENT_TEMPLATES = MenuEntry(
    title=_("Incident templates"), url="/resolution/incident-templates/", clause="8.6.1", icon="copy", roles=DESK,
    order=60, rare=True,
)  # fmt: skip

MY_INCIDENTS = MyWork(
    title=_("Incidents assigned to me"), count=waiting(MINE), url=f"{INCIDENTS}?{MINE}", roles=DESK,
    kind="incident", query=MINE, shows=6,
)  # fmt: skip
UNASSIGNED = MyWork(
    title=_("Unassigned incidents"), count=waiting(NOBODYS), url=f"{INCIDENTS}?{NOBODYS}", icon="inbox", roles=DESK,
    kind="incident", query=NOBODYS, shows=6,
)  # fmt: skip
OPEN_MAJOR = MyWork(
    title=_("Current major incidents"), count=waiting(NOW, "major_incident"), url=f"{MAJORS}?{NOW}", icon="bolt",
    roles=STAFF, kind="major_incident", query=NOW, shows=3,
)  # fmt: skip
MY_TASKS = MyWork(
    title=_("Incident tasks of mine"), count=waiting(OWN, "incident_task"), url=f"{TASKS}?{OWN}", icon="checklist",
    roles=STAFF, kind="incident_task", query=OWN, shows=3,
)  # fmt: skip
MY_REPORTS = MyWork(
    title=_("My open reports"), count=waiting(REPORTED), url=f"{INCIDENTS}?{REPORTED}", icon="user", roles=(REQUESTER,)
)
