"""Merge an incident into another, from its page (8.6.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records import actions, permissions
from gnomon.records.forms import RecordChoice
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.writing import put_errors
from gnomon.resolution.merging import warnings
from gnomon.resolution.models import Incident
from gnomon.ui.render import render


class MergeForm(forms.Form):
    """Into which, and why."""

    def __init__(self, given: Any, person: Any, **options: Any) -> None:
        super().__init__(given, **options)
        self.fields["merged_into"] = RecordChoice(
            Incident,
            person,
            label=_("Into which incident?"),
            help_text=_("The one that goes on, for example INC-000042."),
        )
        self.fields["because"] = forms.CharField(label=_("Because"), max_length=2000)


def merge(request: HttpRequest, number: str) -> HttpResponse:
    """What differs between the two is shown before they become one."""
    kind, person = kind_named("incident"), person_of(request)
    incident = found(request, kind, number)
    assert isinstance(incident, Incident)
    permissions.require_move(person, kind, kind.workflow.move("merge"))
    given = request.POST if request.method == "POST" else None
    form = MergeForm(given, person, initial={"merged_into": request.GET.get("into", "")})
    target, told, status = None, [], 200
    if form.is_valid():
        target = form.cleaned_data["merged_into"]
        told = list(warnings(incident, target))
        if not told or "sure" in request.POST:
            try:
                actions.move(incident, "merge", by=person, because=form.cleaned_data["because"], merged_into=target)
                messages.success(request, _("%(source)s is merged into this one.") % {"source": incident.number})
                return redirect(target)
            except InvalidFacts as refused:
                put_errors(form, refused)
            except MoveRefused as refused:
                form.add_error(None, refused.says)
                status = 409
    return render(
        request, "resolution/merge.html", record=incident, form=form, target=target, warnings=told,
        list_url=reverse("incident-list"), cancel_url=incident.get_absolute_url(),
        status=422 if form.errors and status == 200 else status,
    )  # fmt: skip
