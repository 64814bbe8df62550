"""Saved views by REST: a person's own and those that are shared, under each kind."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from gnomon.records.actions import views as acting
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint, Given
from gnomon.records.models import SavedView
from gnomon.records.queries.views import opening_choice, openings, stored_views
from gnomon.records.refusals import InvalidFacts


class ViewGiven(Given):
    """A list under a name; `query` is what stands behind the question mark of its address."""

    name: str
    query: str
    shared: bool = False
    replace: bool = False


class ViewChanged(Given):
    """What is to be different about a view."""

    name: str | None = None
    query: str | None = None
    shared: bool | None = None


class OpeningGiven(Given):
    """What a list opens with: `view:KEY`, `ready:NAME`, or nothing."""

    choice: str


def list_views(call: Call) -> dict[str, Any]:
    """The views that a person may use, ready ones too, and the one that their list opens with."""
    assert call.kind is not None
    ready = [
        {"choice": one.choice, "title": str(one.title), "query": one.query}
        for one in openings(call.kind, call.person)
        if one.choice.startswith("ready:")
    ]
    stored = [told(view) for view in stored_views(call.kind, call.person)]
    return {"views": stored, "ready": ready, "opens_with": opening_choice(call.kind, call.person)}


def save_view(call: Call) -> dict[str, Any]:
    assert call.kind is not None
    return told(acting.save_view(call.kind, by=call.person, **call.given))


def change_view(call: Call) -> dict[str, Any]:
    return told(acting.change_view(_found(call), by=call.person, **call.given))


def delete_view(call: Call) -> None:
    acting.delete_view(_found(call), by=call.person)


def open_with(call: Call) -> dict[str, Any]:
    """Choose what one's own list opens with."""
    assert call.kind is not None
    choice = call.given["choice"]
    if choice and choice not in {one.choice for one in openings(call.kind, call.person)}:
        says = _("There is no view “%(choice)s”.") % {"choice": choice[:80]}
        raise InvalidFacts(says, {"choice": says})
    acting.open_with(call.kind, call.person, choice)
    return {"opens_with": choice}


def told(view: SavedView) -> dict[str, Any]:
    return {"key": view.pk, "choice": f"view:{view.pk}", "name": view.name, "query": view.query,
            "shared": view.shared, "owner": view.person}  # fmt: skip


def _found(call: Call) -> SavedView:
    assert call.kind is not None
    view = stored_views(call.kind, call.person).filter(pk=call.key()).first()
    if view is None:
        raise Http404
    return view


LIST_VIEWS = Endpoint(
    "list_views", "get", "views", list_views, "List saved views", kind=EVERY_KIND, about="list"
)  # fmt: skip
SAVE_VIEW = Endpoint(
    "save_view", "post", "views", save_view, "Keep a list under a name", kind=EVERY_KIND, about="list",
    takes=ViewGiven, status=201,
)  # fmt: skip
OPEN_WITH = Endpoint(
    "open_with", "put", "opening", open_with, "Choose what a list opens with", kind=EVERY_KIND, about="list",
    takes=OpeningGiven,
)  # fmt: skip
CHANGE_VIEW = Endpoint(
    "change_view", "patch", "views/{key}", change_view, "Rename, share or refilter a view", kind=EVERY_KIND,
    about="list", takes=ViewChanged,
)  # fmt: skip
DELETE_VIEW = Endpoint(
    "delete_view", "delete", "views/{key}", delete_view, "Drop a view", kind=EVERY_KIND, about="list", status=204,
)  # fmt: skip
