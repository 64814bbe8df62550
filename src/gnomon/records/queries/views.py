"""Lists under a name: ready ones, a person's own, and those that others share."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind
from gnomon.records.models import SavedView
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Tab


def saved_views(kind: Kind, person: Actor, request: HttpRequest) -> list[Tab]:
    """Tabs above the list, the one in force marked."""
    present = _essence(request.GET.urlencode())
    ready = [(_("All"), "")]
    staff = may(person, "read", kind)
    if staff and any(field.name == "assignee" for field in kind.model._meta.concrete_fields):
        ready = [
            (_("Unresolved"), "phase=unresolved&sort=due_at"),
            (_("Mine"), "assignee=me&phase=unresolved&sort=due_at"),
            (_("Nobody's"), "assignee=none&phase=unresolved&sort=due_at"),
            (_("All"), ""),
        ]
    # What staff call their lists is among staff.
    whose = Q(person=person.number) | Q(shared=True) if staff else Q(person=person.number)
    stored = SavedView.objects.filter(whose, kind=kind.name)
    tabs = [Tab(title, f"{request.path}?{query}", _essence(query) == present) for title, query in ready]
    return tabs + [
        Tab(view.name, f"{request.path}?{view.query}", _essence(view.query) == present, icon="bookmark")
        for view in stored
    ]


def _essence(query: str) -> tuple[str, ...]:
    parts = (part for part in query.split("&") if part and part.partition("=")[0] not in {"cursor", "live"})
    return tuple(sorted(part for part in parts if part.partition("=")[2]))
