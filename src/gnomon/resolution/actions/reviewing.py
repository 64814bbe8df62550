"""Begin the review that a major incident is owed (8.6.1)."""

from __future__ import annotations

from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gnomon.records import actions
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import MoveRefused
from gnomon.resolution.models import CustomerNotice, Incident, IncidentTask, MajorIncident, MajorIncidentReview
from gnomon.standard.plugs import Actor


@transaction.atomic
def begin_review(incident: Incident, *, by: Actor) -> MajorIncidentReview:
    """The one review of a major incident, begun with the facts that are known; there is never a second."""
    if not incident.is_major:
        raise MoveRefused(_("%(incident)s is no major incident.") % {"incident": incident.number})
    found = MajorIncidentReview.objects.filter(incident=incident).first()
    if found is not None:
        return cast(MajorIncidentReview, found)
    title = _("Review of %(incident)s: %(title)s") % {"incident": incident.number, "title": incident.title}
    return cast(
        MajorIncidentReview,
        actions.record(
            kind_named("major_incident_review"), by=by, title=title[:300], incident=incident,
            owner=incident.major_manager, report=facts_of(incident),
        ),
    )  # fmt: skip


def facts_of(incident: Incident) -> str:
    """What the records say of how it went, as a text to go on from."""
    major = MajorIncident.objects.filter(incident=incident).exclude(status="withdrawn").order_by("-id").first()
    lines = [
        (_("Situation"), major.title if major is not None else incident.title),
        (_("Opened"), _moment(incident.opened_at)),
        (_("Declared major"), _moment(incident.major_declared_at)),
        (_("Top management informed"), _moment(incident.management_informed_at)),
        (_("Resolved"), _moment(incident.resolved_at)),
        (_("Manager"), incident.major_manager.title if incident.major_manager is not None else "–"),
        (_("Resolution"), incident.resolution or "–"),
    ]
    told = [f"{title}: {says}" for title, says in lines]
    tasks = [f"- {task.title} ({task.status_title})" for task in IncidentTask.objects.filter(incident=incident)]
    texts = [
        f"- {_moment(notice.published_at)} {notice.title}"
        for notice in CustomerNotice.objects.filter(incident=incident, published_at__isnull=False).order_by("id")
    ]
    parts = (("", told), (_("Tasks"), tasks), (_("Published to customers"), texts))
    return "\n\n".join("\n".join([heading, *lines] if heading else lines) for heading, lines in parts if lines)


def _moment(moment: object) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i") if moment else "–"  # type: ignore[arg-type]
