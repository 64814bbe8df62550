"""Pages of people and teams that stand beside the generic ones: passwords for others, members of teams."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from gnomon.organization import actions
from gnomon.organization.forms import GivenPasswordForm
from gnomon.organization.kinds import PERSON, TEAM
from gnomon.organization.models import Person, Team
from gnomon.organization.queries import members_of
from gnomon.organization.roles import ADMINISTRATOR
from gnomon.organization.sign_in import signed_in
from gnomon.records import permissions
from gnomon.records.forms import RecordChoice
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.records.views.page import record_page
from gnomon.ui.render import render


def person_page(request: HttpRequest, number: str) -> HttpResponse:
    """The generic page, with the way to a new password for administrators."""
    gives = signed_in(request).holds(ADMINISTRATOR)
    return record_page(request, PERSON, number, "organization/person_page.html", gives_password=gives)


@sensitive_post_parameters()
@never_cache
def give_password(request: HttpRequest, number: str) -> HttpResponse:
    """A new password for somebody who has none or forgot it; they are signed out everywhere."""
    by = signed_in(request)
    person: Person = get_object_or_404(Person.objects.visible_to(by), number=number.upper())
    if not by.holds(ADMINISTRATOR):
        raise NotAllowed(_("Only an administrator gives passwords to others. Change your own in your settings."))
    form = GivenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_password(person, form.cleaned_data["password"], by=by)
        except InvalidFacts as refused:
            form.add_error("password", refused.fields["password"])
        else:
            messages.success(request, _("%(person)s has a new password.") % {"person": person.title})
            return redirect(person)
    return render(request, "organization/give_password.html", form=form, record=person, status=_status(form))


def team_page(request: HttpRequest, number: str) -> HttpResponse:
    """The generic page, with the way to its members."""
    return record_page(request, TEAM, number, "organization/team_page.html")


def members_page(request: HttpRequest, number: str) -> HttpResponse:
    """Who works in a team; whoever may change the team adds and removes members."""
    by = signed_in(request)
    team: Team = get_object_or_404(Team.objects.visible_to(by), number=number.upper())
    form = _member_form(by)(request.POST if "person" in request.POST else None)
    if request.method == "POST":
        if gone := request.POST.get("remove"):
            actions.remove_member(team, get_object_or_404(Person, number=gone), by=by)
            return redirect("team-members", number=team.number)
        if form.is_valid():
            actions.add_member(team, cast(Person, form.cleaned_data["person"]), by=by)
            return redirect("team-members", number=team.number)
    return render(
        request, "organization/members.html", team=team, form=form, members=members_of(team).order_by("title"),
        may_change=permissions.may(by, "comment", TEAM), status=_status(form),
    )  # fmt: skip


def _member_form(by: Person) -> type[forms.Form]:
    choice: Any = RecordChoice(Person, by, label=gettext_lazy("Person"))
    return type("MemberForm", (forms.Form,), {"person": choice})


def _status(form: forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
