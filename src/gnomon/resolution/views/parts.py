"""The parts of an incident: take others in, and resolve them with it (8.6.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gnomon.records import actions, permissions
from gnomon.records.forms import RecordChoice
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.writing import Beside, move_page
from gnomon.resolution.actions import Outcome, resolve_parts
from gnomon.resolution.actions.parts import open_parts
from gnomon.resolution.models import Incident
from gnomon.ui.render import render


class PartForm(forms.Form):
    """Which incident is part of this one."""

    def __init__(self, given: Any, person: Any) -> None:
        super().__init__(given)
        self.fields["part"] = RecordChoice(
            Incident, person, label=_("Incident that is part of this one"), help_text=_("For example INC-000042.")
        )


def parts_page(request: HttpRequest, number: str) -> HttpResponse:
    """The parts with their states; POST takes one more in."""
    incident, person = _found(request, number), person_of(request)
    form = PartForm(request.POST if request.method == "POST" else None, person)
    if form.is_valid():
        part = form.cleaned_data["part"]
        try:
            actions.change(part, by=person, parent=incident)
            return redirect(request.path)
        except (InvalidFacts, StaleRecord) as refused:
            form.add_error("part", refused.says)
    return _page(request, incident, form, [])


@require_POST
def take_out(request: HttpRequest, number: str) -> HttpResponse:
    """Let one be an incident of its own again."""
    incident, person = _found(request, number), person_of(request)
    for part in Incident.objects.filter(parent=incident, number=request.POST.get("part", "")):
        actions.change(part, by=person, parent=None)
    return redirect(f"{incident.get_absolute_url()}/parts")


def resolve_with_parts(request: HttpRequest, number: str) -> HttpResponse:
    """The move as every kind has it; where parts are open, it is decided with it what becomes of them."""
    kind, person = kind_named("incident"), person_of(request)
    incident = found(request, kind, number)
    assert isinstance(incident, Incident)
    open_ones = open_parts(incident) if permissions.may(person, "change", kind) else []
    if not open_ones:
        return move_page(request, kind=kind, number=number, move="resolve")
    chosen = set(request.POST.getlist("part")) if request.method == "POST" else {one.number for one in open_ones}

    def with_it(parent: Record) -> None:
        assert isinstance(parent, Incident)
        some = [part for part in open_ones if part.number in chosen]
        _tell(request, resolve_parts(parent, some, by=person, because=request.POST.get("because", "").strip()))

    lines = [(part, part.number in chosen) for part in open_ones]
    beside = Beside("resolution/_open_parts.html", {"parts": lines}, with_it)
    return move_page(request, kind=kind, number=number, move="resolve", beside=beside)


def _tell(request: HttpRequest, results: list[Outcome]) -> None:
    """How many parts were resolved, and of each other why not."""
    done = sum(result.done for result in results)
    if done:
        says = ngettext("%(count)d part was resolved with it.", "%(count)d parts were resolved with it.", done)
        messages.success(request, says % {"count": done})
    for result in results:
        if not result.done:
            messages.warning(request, f"{result.record.number}: {result.says}")


@require_POST
def resolve_chosen(request: HttpRequest, number: str) -> HttpResponse:
    """Resolve the chosen parts as their parent was; the answer says what became of each."""
    incident, person = _found(request, number), person_of(request)
    chosen = Incident.objects.filter(parent=incident, number__in=request.POST.getlist("number")).order_by("id")
    results = resolve_parts(incident, list(chosen), by=person, because=request.POST.get("because", "").strip())
    return _page(request, incident, PartForm(None, person), results)


def _found(request: HttpRequest, number: str) -> Incident:
    kind = kind_named("incident")
    permissions.require(person_of(request), "change", kind)
    incident = found(request, kind, number)
    assert isinstance(incident, Incident)
    return incident


def _page(request: HttpRequest, incident: Incident, form: PartForm, results: list[Outcome]) -> HttpResponse:
    parts = list(Incident.objects.filter(parent=incident, parent__isnull=False).order_by("id"))
    return render(
        request, "resolution/parts.html", record=incident, parts=parts, form=form, results=results,
        done=sum(result.done for result in results), resolved=incident.resolved_at is not None,
        open_parts=[part for part in parts if part.resolved_at is None and part.closed_at is None],
        list_url=reverse("incident-list"), cancel_url=incident.get_absolute_url(),
        status=422 if form.errors else 200,
    )  # fmt: skip
