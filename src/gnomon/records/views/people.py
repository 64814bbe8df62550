"""Who takes part in a record, and links taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions
from gnomon.records.forms import RecordChoice
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.queries.people import person_numbered
from gnomon.records.refusals import InvalidFacts
from gnomon.records.relations import PARTS, free_part, free_relation, other_end, part_title
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.ui.render import render


def people(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Give somebody a part in a record; only staff see who takes part."""
    record, person = found(request, kind, number), person_of(request)
    if not is_staff(request, kind):
        raise Http404(_("There is no such page."))
    form = _form(person)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.join(record, form.cleaned_data["person"], form.cleaned_data["part"], by=person)
        return redirect(record)
    return render(
        request, "records/person.html", partials={"dialog-body": "records/_person.html"}, kind=kind, record=record,
        form=form, list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
        action_url=request.path, status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
def leave(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Take somebody's part in a record away; without a name, one's own."""
    record, person = found(request, kind, number), person_of(request)
    who = request.POST.get("person", "") or person.number
    if who != person.number and not is_staff(request, kind):
        raise Http404(_("There is no such page."))
    leaver = person_numbered(who)
    if leaver is not None:
        actions.leave(record, leaver, free_part(request.POST.get("part", "")), by=person)
    return redirect(record)


@require_POST
def watch(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Take part as a watcher."""
    record, person = found(request, kind, number), person_of(request)
    actions.join(record, person, "watcher", by=person)
    return redirect(record)


@require_POST
def unlink(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Take a free relation back, from either end of it."""
    record, person = found(request, kind, number), person_of(request)
    relation = free_relation(request.POST.get("relation", ""))
    other = other_end(request.POST.get("other", ""), person)
    if other is None:
        says = _("There is no record with this number.")
        raise InvalidFacts(says, {"other": says})
    if "incoming" in request.POST:
        actions.unlink(other, record, relation, by=person)
    else:
        actions.unlink(record, other, relation, by=person)
    return redirect(record)


def _form(person: Any) -> type[forms.Form]:
    """Who, and as what."""
    choices = [(part, part_title(part)) for part in PARTS]
    fields: dict[str, forms.Field] = {
        "person": RecordChoice(kind_named("person").model, person, label=_("Person")),
        "part": forms.ChoiceField(label=_("Takes part as"), choices=choices),
    }
    return type("PersonForm", (forms.Form,), fields)
