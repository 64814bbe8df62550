"""Incidents that are parts of another one (8.6.1): rules of the kind."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gnomon.records.kinds import Change
from gnomon.resolution.models import Incident

DEEPEST = 20


def what_is_wrong(incident: Incident, change: Change) -> Mapping[str, str]:
    """Nothing is part of itself, and what is over takes no parts."""
    parent = incident.parent
    if "parent" not in change.facts or parent is None:
        return {}
    facts = {"parent": parent.number, "status": parent.status_title, "child": incident.number}
    if change.old.get("parent") == parent.number:
        return {}
    if parent.status in {"closed", "cancelled", "merged"}:
        return {"parent": _("%(parent)s is %(status)s and takes no parts. Choose one that is still open.") % facts}
    if _leads_back(incident, parent):
        return {"parent": _("%(parent)s is part of %(child)s itself. Choose another incident.") % facts}
    return {}


def _leads_back(incident: Incident, parent: Incident) -> bool:
    """Whether the way up from the parent comes back to the incident."""
    here: Incident | None = parent
    for _step in range(DEEPEST):
        if here is None:
            return False
        if incident.pk is not None and here.pk == incident.pk:
            return True
        here = here.parent
    return True
