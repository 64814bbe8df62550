"""A person's own way with a list: views under a name, the one that it opens with, columns and their order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records.actions import views as acting
from gnomon.records.kinds import Kind
from gnomon.records.models import SavedView
from gnomon.records.permissions import may
from gnomon.records.queries.people import names_of
from gnomon.records.queries.views import ALL, opening_choice, openings, stored_views
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.records.views.columns import known_columns, usual_columns
from gnomon.records.views.finding import may_list, person_of
from gnomon.ui.render import render


def views_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """The views of a list, to rename, share, drop or open with; POST keeps another one."""
    may_list(request, kind)
    if request.method == "POST":
        return _save(request, kind)
    person, path = person_of(request), reverse(f"{kind.name}-list")
    stored = list(stored_views(kind, person))
    names = names_of(view.person for view in stored) if stored else {}
    lines = [
        {"view": view, "mine": acting.may_change_view(view, person), "owner": names[view.person],
         "choice": f"view:{view.pk}", "url": f"{path}?{view.query or ALL.query}", "change_url": f"{path}views/{view.pk}"}
        for view in stored
    ]  # fmt: skip
    ready = [one for one in openings(kind, person) if one.choice.startswith("ready:")]
    return render(
        request, "records/views.html", kind=kind, list_url=path, lines=lines, ready=ready,
        opening=opening_choice(kind, person), may_share=may(person, "read", kind), opening_url=f"{path}views/opening",
    )  # fmt: skip


def _save(request: HttpRequest, kind: Kind) -> HttpResponse:
    person, query = person_of(request), request.POST.get("query", "")[: acting.LONGEST_QUERY]
    view = acting.save_view(
        kind, by=person, name=request.POST.get("name", ""), query=query, replace="replace" in request.POST,
        shared="shared" in request.POST and may(person, "read", kind),
    )  # fmt: skip
    if "opens" in request.POST:
        acting.open_with(kind, person, f"view:{view.pk}")
    return redirect(f"{reverse(f'{kind.name}-list')}?{view.query or ALL.query}")


@require_POST
def alter_view(request: HttpRequest, kind: Kind, key: int) -> HttpResponse:
    """Rename, share or drop a view, or give it the filters of an address."""
    person = person_of(request)
    view = stored_views(kind, person).filter(pk=key).first()
    if view is None:
        raise Http404(_("There is no such page."))
    try:
        says = _altered(request, view, person)
        messages.success(request, says % {"name": view.name})
    except InvalidFacts as refused:
        messages.error(request, refused.says)
    return redirect(reverse(f"{kind.name}-views"))


def _altered(request: HttpRequest, view: SavedView, person: Any) -> str:
    if "delete" in request.POST:
        acting.delete_view(view, by=person)
        return _("The view “%(name)s” is gone.")
    acting.change_view(
        view, by=person, name=request.POST.get("name"), query=request.POST.get("query"), shared="shared" in request.POST
    )
    return _("The view “%(name)s” is saved.")


@require_POST
def opening(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Choose the view that this person's list opens with; an empty choice opens it plain."""
    may_list(request, kind)
    person, choice = person_of(request), request.POST.get("choice", "")
    if choice and choice not in {one.choice for one in openings(kind, person)}:
        raise Http404(_("There is no such page."))
    acting.open_with(kind, person, choice)
    return redirect(reverse(f"{kind.name}-views"))


@require_POST
def own_columns(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Remember this person's columns and their order; `reset` brings the usual ones back."""
    may_list(request, kind)
    person = person_of(request)
    known = set(known_columns(kind, person))
    chosen = [name for name in request.POST.getlist("columns") if name in known]
    chosen.sort(key=lambda name: _place(request.POST.get(f"place-{name}", "")))  # equal places stay in their order
    names = [] if "reset" in request.POST or chosen == usual_columns(kind) else chosen
    try:
        acting.keep_columns(kind, person, names)
    except Refused as refused:
        messages.error(request, refused.says)
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    query.pop("columns", None)
    return redirect(f"{reverse(f'{kind.name}-list')}?{query.urlencode() or ALL.query}")


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 999
