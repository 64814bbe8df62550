"""What is to be done about an incident, by whom and until when (8.6.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.fields import MomentField
from gnomon.records.models import Record


class IncidentTask(Record):
    """One thing to do about an incident; the owner does it."""

    incident = models.ForeignKey(
        "resolution.Incident", on_delete=models.PROTECT, related_name="tasks", verbose_name=_("incident")
    )
    due_at = MomentField(_("due at"), null=True, blank=True)
    done_at = MomentField(_("done at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("incident task")
        indexes = (models.Index(fields=("owner", "status", "due_at"), name="incident_tasks_of_owner"),)
