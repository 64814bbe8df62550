"""Lists under a name: ready ones, a person's own, and those that others share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from gnomon.jobs.questions import Question
from gnomon.records.kinds import Kind, ReadyView
from gnomon.records.models import SavedView
from gnomon.records.permissions import may
from gnomon.records.preferences import preference
from gnomon.standard.plugs import Actor, Says
from gnomon.ui.tables import Tab

ALL = ReadyView("all", gettext_lazy("All"), "view=all")
OF_THE_DESK = (
    ReadyView("unresolved", gettext_lazy("Unresolved"), "phase=unresolved&sort=due_at"),
    ReadyView("mine", gettext_lazy("Mine"), "assignee=me&phase=unresolved&sort=due_at"),
    ReadyView("nobodys", gettext_lazy("Nobody's"), "assignee=none&phase=unresolved&sort=due_at"),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """One of the views that a list may open with."""

    choice: str
    title: Says
    query: str


def ready_views(kind: Kind, person: Actor) -> Sequence[ReadyView]:
    """The views that everybody finds there: those of the kind, else those of whatever is assigned to people."""
    if not may(person, "read", kind):
        return (ALL,)
    if kind.views:
        return (*kind.views, ALL)
    has_assignee = any(field.name == "assignee" for field in kind.model._meta.concrete_fields)
    return (*OF_THE_DESK, ALL) if has_assignee else (ALL,)


def stored_views(kind: Kind, person: Actor) -> QuerySet[SavedView]:
    """A person's own views and those that are shared; what staff call their lists is among staff."""
    whose = Q(person=person.number) | Q(shared=True) if may(person, "read", kind) else Q(person=person.number)
    return SavedView.objects.filter(whose, kind=kind.name)


def saved_views(kind: Kind, person: Actor, path: str, present: QueryDict) -> list[Tab]:
    """Tabs above the list, the one in force marked."""
    here = essence(present.urlencode())
    tabs = [Tab(view.title, f"{path}?{view.query}", essence(view.query) == here) for view in ready_views(kind, person)]
    return tabs + [
        Tab(view.name, f"{path}?{view.query or ALL.query}", essence(view.query) == here,
            icon="users" if view.shared else "bookmark")
        for view in _views_of(kind, person)
    ]  # fmt: skip


def _views_of(kind: Kind, person: Actor) -> list[SavedView]:
    return (_SHARED if may(person, "read", kind) else _OWN).all(person=person.number, kind=kind.name)


_OWN = Question(lambda person, kind: SavedView.objects.filter(person=person, kind=kind))
_SHARED = Question(lambda person, kind: SavedView.objects.filter(Q(person=person) | Q(shared=True), kind=kind))


def openings(kind: Kind, person: Actor) -> list[Opening]:
    """What a person's list may open with."""
    ready = [Opening(f"ready:{view.name}", view.title, view.query) for view in ready_views(kind, person)]
    return ready + [Opening(f"view:{view.pk}", view.name, view.query) for view in stored_views(kind, person)]


def opening_choice(kind: Kind, person: Actor) -> str:
    """The view that a person's list opens with, empty when they never chose one."""
    return preference(person, f"list:{kind.name}:opens")


def opening_query(kind: Kind, person: Actor) -> str:
    """The parameters that a person's list opens with; empty when nothing was chosen, or it is gone."""
    choice = opening_choice(kind, person)
    if not choice:
        return ""
    return next((one.query or ALL.query for one in openings(kind, person) if one.choice == choice), "")


def own_columns(kind: Kind, person: Actor) -> list[str]:
    """The columns that a person chose for the lists of a kind, empty when they never did."""
    return [name for name in preference(person, f"list:{kind.name}:columns").split(",") if name]


def essence(query: str) -> tuple[str, ...]:
    """What a list's parameters say, whatever their order and the page or record that is open."""
    present = QueryDict(query)
    parts = ((name, value) for name, values in present.lists() for value in values if value and name not in _ASIDE)
    return tuple(sorted(f"{name}={value}" for name, value in parts))


_ASIDE = {"cursor", "live", "view", "record"}
