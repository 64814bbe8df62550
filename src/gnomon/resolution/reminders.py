"""Who is told of major incidents later: managers of updates that are overdue, requesters of what was published."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from gnomon.governance.notices import tell
from gnomon.jobs.moments import written
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import CustomerNotice, MajorIncident
from gnomon.resolution.notices import PUBLISHED, UPDATE_OVERDUE
from gnomon.resolution.queries.major import people_to_tell


def sweep(now: datetime | None = None) -> int:
    """Remind of every update that is due by `now`, once for each time that it was due; how many."""
    now = now or datetime.now(UTC)
    due = MajorIncident.objects.filter(status="declared", next_update_due_at__lte=now)
    return sum(_remind(key, now) for key in due.order_by("id").values_list("pk", flat=True))


@transaction.atomic
def _remind(key: int, now: datetime) -> int:
    major = MajorIncident.objects.select_for_update().select_related("manager").get(pk=key)
    due_at = major.next_update_due_at
    if major.status != "declared" or due_at is None or due_at > now:
        return 0
    due = written(due_at)
    if LedgerEntry.objects.filter(
        number=major.number, verb="major_incident:reminded", facts__contains=f'"{due}"'
    ).exists():
        return 0
    actions.note(major, "reminded", by=SYSTEM, due=[None, due])
    runners = {person.number for person in (major.manager, major.communicator) if person is not None}
    tell(
        runners, UPDATE_OVERDUE, about=major.incident, situation=major.title,
        cause=f"{major.number}/update due/{due}", url=f"{major.incident.get_absolute_url()}/major",
    )  # fmt: skip
    return 1


def tell_customers(number: str) -> None:
    """Tell those who wait what was published, unless it was replaced meanwhile."""
    notice = CustomerNotice.objects.filter(number=number, status="published").select_related("incident").first()
    if notice is None:
        return
    tell(
        people_to_tell(notice.incident), PUBLISHED, about=notice, chosen=True,
        text="\n\n".join(text for text in (notice.text_en.strip(), notice.text_zh.strip()) if text),
        cause=f"{notice.number}/published", url=f"{notice.incident.get_absolute_url()}/major",
    )  # fmt: skip
