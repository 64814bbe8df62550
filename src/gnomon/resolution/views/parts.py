"""The parts of an incident: take others in, and resolve them with it (8.6.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions, permissions
from gnomon.records.forms import RecordChoice
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.records.views.finding import found, person_of
from gnomon.resolution.actions import Outcome, resolve_parts
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
