"""Report that something is wrong, in the words of somebody who is not of the trade (8.6.1 a)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.agreements.entitlements import usable_services
from gnomon.records import actions, permissions
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import person_of
from gnomon.records.views.writing import put_errors
from gnomon.resolution.levels import Level
from gnomon.resolution.models.incident import Channel
from gnomon.resolution.published import published
from gnomon.resolution.queries.suggestions import Suggestions, suggestions
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


class ReportForm(forms.Form):
    """What we ask of a requester: what is wrong, with what, for whom, and whether work can go on."""

    def __init__(self, person: Actor, given: Any = None) -> None:
        super().__init__(given)
        self.fields["title"] = forms.CharField(
            label=_("What is wrong?"),
            max_length=300,
            help_text=_("One line, for example: The printer on floor 3 jams."),
        )
        self.fields["service"] = forms.ModelChoiceField(
            usable_services(person).order_by("title"), label=_("With what?"), required=False,
            empty_label=_("I do not know"),
        )  # fmt: skip
        self.fields["impact"] = forms.TypedChoiceField(
            label=_("Who is affected?"), coerce=int, initial=Level.LOW, widget=forms.RadioSelect,
            choices=[(Level.LOW, _("Me")), (Level.MEDIUM, _("My team")), (Level.HIGH, _("Everybody, or customers"))],
        )  # fmt: skip
        self.fields["urgency"] = forms.TypedChoiceField(
            label=_("Can work go on?"), coerce=int, initial=Level.LOW, widget=forms.RadioSelect,
            choices=[(Level.LOW, _("Yes")), (Level.MEDIUM, _("With difficulty")), (Level.HIGH, _("No"))],
        )  # fmt: skip
        self.fields["description"] = forms.CharField(
            label=_("What happened?"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("What you did, what you expected, what you saw instead. Leave out passwords."),
        )  # fmt: skip
        self.fields["service"].label_from_instance = lambda service: service.title  # type: ignore[attr-defined]


def report(request: HttpRequest) -> HttpResponse:
    """The form of the portal; whoever sends it is the requester. What is known is shown once before it is sent."""
    person = person_of(request)
    kind = kind_named("incident")
    permissions.require(person, "create", kind)
    form = ReportForm(person, request.POST if request.method == "POST" else None)
    found: Suggestions | None = None
    if request.method == "POST" and form.is_valid():
        found = None if "sure" in request.POST else _known(form, person)
        if not found:
            try:
                return redirect(_to_page(person, _record(form, request, person)))
            except InvalidFacts as refused:
                put_errors(form, refused)
    return render(
        request, "resolution/report.html", form=form, found=found, status=422 if form.errors or found else 200
    )


def _known(form: ReportForm, person: Actor) -> Suggestions:
    service = form.cleaned_data["service"]
    number = "" if service is None else service.number
    return suggestions(form.cleaned_data["title"], number, person, published(person))


@transaction.atomic
def _record(form: ReportForm, request: HttpRequest, person: Actor) -> Record:
    """The report with all its files, or neither."""
    incident = actions.record(
        kind_named("incident"), by=person, requester=person, channel=Channel.PORTAL, **form.cleaned_data
    )
    for upload in request.FILES.getlist("file"):
        actions.attach(incident, upload, by=person)
    return incident


def _to_page(person: Actor, incident: Record) -> str:
    """Staff work on it where they work; whoever only reports sees it in the portal."""
    if permissions.may(person, "read", incident.kind):
        return incident.get_absolute_url()
    return reverse("portal-report", args=[incident.number])
