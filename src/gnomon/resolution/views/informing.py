"""Escalate an incident to a manager by hand; the team keeps it (8.6.1 c)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.organization.models import Person
from gnomon.organization.roles import STAFF
from gnomon.records import permissions
from gnomon.records.forms import Prose
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.writing import put_errors
from gnomon.resolution.escalations import escalate_to_manager, manager_of
from gnomon.resolution.models import Incident
from gnomon.ui.render import render


class ManagerForm(forms.Form):
    """Who is told, and why."""

    def __init__(self, given: Any, incident: Incident) -> None:
        super().__init__(given)
        staff = Person.objects.none()
        for role in STAFF:
            staff = staff | Person.objects.active().filter(pk__in=Person.objects.active().holding(role).values("pk"))
        self.fields["manager"] = forms.ModelChoiceField(
            staff.distinct().order_by("title"), label=_("Manager"), initial=manager_of(incident), empty_label="–"
        )
        self.fields["because"] = Prose(
            label=_("Because"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("The manager reads this; it is kept with the incident."),
        )  # fmt: skip


def inform_manager(request: HttpRequest, number: str) -> HttpResponse:
    """Ask whom to tell and why, and tell them."""
    incident = found(request, kind_named("incident"), number)
    assert isinstance(incident, Incident)
    person = person_of(request)
    permissions.require(person, "change", incident.kind)
    form = ManagerForm(request.POST if request.method == "POST" else None, incident)
    if form.is_valid():
        try:
            escalate_to_manager(incident, by=person, **form.cleaned_data)
            return redirect(incident)
        except InvalidFacts as refused:
            put_errors(form, refused)
        except MoveRefused as refused:
            form.add_error(None, refused.says)
    return render(
        request, "resolution/inform_manager.html", record=incident, form=form,
        cancel_url=incident.get_absolute_url(), status=422 if form.errors else 200,
    )  # fmt: skip
