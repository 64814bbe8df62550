"""What an incident's page offers beside its moves."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from gnomon.records import permissions
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Option

OVER = ("closed", "cancelled", "merged")


def of_incident(record: Record, person: Actor) -> Sequence[Option]:
    """The ways to declare, merge, split and make it part of another, as far as they are open."""
    assert isinstance(record, Incident)
    here, kind = record.get_absolute_url(), record.kind
    offered: list[Option] = []
    if record.is_major or record.status not in OVER:
        if record.is_major:
            offered.append(Option("major", _("Major incident page"), f"{here}/major", icon="bolt"))
        elif permissions.may(person, "create", kind_named("major_incident")):
            offered.append(Option("declare", _("Declare a major incident"), declare_url(record), icon="bolt"))
    if not permissions.may(person, "change", kind):
        return offered
    if record.status not in OVER:
        offered.append(Option("merge", _("Merge into another"), f"{here}/merge", icon="arrow-right"))
        offered.append(Option("parts", _("Parts of this incident"), f"{here}/parts", icon="git-branch"))
    offered.append(Option("split", _("Split off an incident"), f"{here}/split", icon="git-branch"))
    return offered


def declare_url(incident: Incident) -> str:
    """The form of a declaration, with the incident in it."""
    return f"/resolution/major-incidents/new?incident={incident.number}"
