"""Split part of an incident off, from its page (8.6.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.forms import Prose
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts
from gnomon.records.timelines import timeline
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.writing import put_errors
from gnomon.resolution.actions import split
from gnomon.resolution.merging import all_merged_into
from gnomon.resolution.models import Incident
from gnomon.resolution.relays import SAID
from gnomon.ui.render import render

SHOWN = 200


class SplitForm(forms.Form):
    """What the new incident is about, and why it is one of its own."""

    def __init__(self, given: Any = None) -> None:
        super().__init__(given)
        self.fields["title"] = forms.CharField(label=_("Title of the new incident"), max_length=300)
        self.fields["description"] = Prose(
            label=_("Description"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["because"] = forms.CharField(label=_("Because"), max_length=2000)


def split_page(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what goes along into an incident of its own."""
    kind, person = kind_named("incident"), person_of(request)
    incident = found(request, kind, number)
    assert isinstance(incident, Incident)
    permissions.require(person, "change", kind)
    form = SplitForm(request.POST if request.method == "POST" else None)
    chosen = [
        int(text) for text in request.POST.getlist("entry") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    if form.is_valid():
        try:
            return redirect(split(incident, by=person, entries=chosen, **form.cleaned_data))
        except InvalidFacts as refused:
            put_errors(form, refused)
    return render(
        request, "resolution/split.html", record=incident, form=form, said=_said(kind, incident, person),
        chosen=chosen, list_url=reverse("incident-list"), cancel_url=incident.get_absolute_url(),
        status=422 if form.errors else 200,
    )  # fmt: skip


def _said(kind: Kind, incident: Incident, person: Any) -> list[tuple[int, Any]]:
    """Comments and files that can go along, the newest first."""
    told: list[tuple[int, Any]] = []
    others: list[Record] = [incident, *all_merged_into(incident)]
    for record in others:
        entries = list(LedgerEntry.objects.filter(number=record.number, verb__in=SAID).order_by("-version")[:SHOWN])
        lines = timeline(kind, record, entries, to=person, internal=True)
        told += [(entry.sequence, line) for entry, line in zip(entries, lines, strict=True)]
    return told
