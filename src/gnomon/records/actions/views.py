"""Keep, rename, share and drop saved views, and a person's own columns and first view of a list.

Views and tastes are no evidence of service management, so the ledger does not know of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.kinds import Kind
from gnomon.records.models import SavedView
from gnomon.records.preferences import prefer
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

LONGEST_NAME, LONGEST_QUERY, LONGEST_TASTE = 80, 4000, 400


def save_view(
    kind: Kind, *, by: Actor, name: str, query: str, shared: bool = False, replace: bool = False
) -> SavedView:
    """Keep a list's filters, order and columns under a name; the same name again only when asked to replace."""
    permissions.require(by, "comment", kind)
    name = _checked_name(name)
    _refuse_unsharable(kind, by, shared=shared)
    mine = SavedView.objects.filter(kind=kind.name, person=by.number, name__iexact=name).first()
    if mine is not None and not replace:
        says = _("You already have a view “%(name)s”. Choose another name, or tick that it replaces the old one.")
        raise InvalidFacts(says % {"name": name}, {"name": says % {"name": name}})
    view = mine or SavedView(kind=kind.name, person=by.number)
    view.name, view.query, view.shared = name, _checked_query(query), shared
    return _saved(view)


def change_view(
    view: SavedView, *, by: Actor, name: str | None = None, query: str | None = None, shared: bool | None = None
) -> SavedView:
    """Rename a view, give it other filters, share it or keep it to its owner again."""
    require_view(view, by)
    if shared is not None and shared != view.shared:
        _refuse_unsharable(_kind(view), by, shared=shared)
        view.shared = shared
    if name is not None:
        view.name = _checked_name(name)
    if query is not None:
        view.query = _checked_query(query)
    return _saved(view)


def delete_view(view: SavedView, *, by: Actor) -> None:
    """Drop a view; whoever opened their list with it opens it plain again."""
    require_view(view, by)
    view.delete()


def may_change_view(view: SavedView, person: Actor) -> bool:
    """Whose it is; and what is shared, those who keep the records of its kind in order."""
    return view.person == person.number or (view.shared and permissions.may(person, "import", _kind(view)))


def require_view(view: SavedView, person: Actor) -> None:
    """Refuse with a sentence when a view is not this person's to change."""
    if not may_change_view(view, person):
        says = _("“%(name)s” is somebody else's view. Save one of your own under another name.")
        raise NotAllowed(says % {"name": view.name})


def open_with(kind: Kind, person: Actor, choice: str) -> None:
    """Choose the view that a person's list opens with: `ready:NAME`, `view:KEY`, or nothing."""
    prefer(person, f"list:{kind.name}:opens", choice)


def keep_columns(kind: Kind, person: Actor, names: Sequence[str]) -> None:
    """Remember a person's columns of a list, in their order; none brings the usual ones back."""
    text = ",".join(names)
    if len(text) > LONGEST_TASTE:
        says = _("These are too many columns. Choose fewer.")
        raise InvalidFacts(says, {"columns": says})
    prefer(person, f"list:{kind.name}:columns", text)


def _saved(view: SavedView) -> SavedView:
    others = SavedView.objects.filter(kind=view.kind, name__iexact=view.name).exclude(pk=view.pk)
    if others.filter(person=view.person).exists():
        raise _taken(_("You already have a view “%(name)s”. Choose another name."), view)
    if view.shared and others.filter(shared=True).exists():
        raise _taken(_("There is already a shared view “%(name)s”. Choose another name for yours."), view)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:  # two at once
        raise _taken(_("There is already a view “%(name)s”. Choose another name."), view) from None
    return view


def _taken(says: str, view: SavedView) -> InvalidFacts:
    return InvalidFacts(says % {"name": view.name}, {"name": says % {"name": view.name}})


def _checked_name(name: str) -> str:
    name = " ".join(name.split()) if "\x00" not in name else name
    if not name:
        raise InvalidFacts(_("A view needs a name."), {"name": _("Give a name.")})
    if fault := fault_of(name, LONGEST_NAME):
        raise InvalidFacts(fault, {"name": fault})
    return name


def _checked_query(query: str) -> str:
    query = query.lstrip("?")
    if fault := fault_of(query, LONGEST_QUERY):
        raise InvalidFacts(fault, {"query": fault})
    parts = [part for part in query.split("&") if part.partition("=")[0] not in {"cursor", "live", "record", "view"}]
    return "&".join(parts)


def _refuse_unsharable(kind: Kind, by: Actor, *, shared: bool) -> None:
    if shared and not permissions.may(by, "read", kind):
        says = _("What you see of these records is your own, so a view of it cannot be shared.")
        raise InvalidFacts(says, {"shared": says})


def _kind(view: SavedView) -> Kind:
    from gnomon.records.kinds import kind_named

    return kind_named(view.kind)
