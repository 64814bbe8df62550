"""Who holds which role, and giving and taking them (5.3)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.organization.kinds import PERSON
from gnomon.organization.models import Person
from gnomon.organization.roles import ADMINISTRATOR, base_of, known_codes, known_roles
from gnomon.organization.sign_in import signed_in
from gnomon.records import actions, permissions
from gnomon.records.form_fields import RecordChoice
from gnomon.records.refusals import InvalidFacts
from gnomon.ui.render import render

SHOWN = 60


def holders_page(request: HttpRequest) -> HttpResponse:
    """Each role with those who hold it; an administrator gives and takes, always with a reason."""
    by = signed_in(request)
    permissions.require(by, "read", PERSON)
    gives = by.holds(ADMINISTRATOR)
    form = _form(by)(request.POST if request.method == "POST" and "give" in request.POST else None)
    error = ""
    if request.method == "POST":
        permissions.require(by, "change", PERSON)
        try:
            if _carried_out(request, by, form):
                return redirect(request.path)
        except InvalidFacts as refused:
            error = " ".join(refused.fields.values()) or refused.says
    blocks = []
    for role in known_roles():
        holders = Person.objects.active().holding(role.code).order_by("title")
        blocks.append({"role": role, "holders": list(holders[:SHOWN]), "count": holders.count()})
    return render(
        request, "organization/holders.html", blocks=blocks, gives=gives, form=form, error=error,
        because=request.POST.get("because", ""), status=422 if error or form.errors else 200,
    )  # fmt: skip


def _carried_out(request: HttpRequest, by: Person, form: forms.Form) -> bool:
    because = request.POST.get("because", "").strip()
    if "take" in request.POST:
        number, _colon, code = request.POST["take"].partition(":")
        person = get_object_or_404(Person, number=number.replace("\x00", "")[:40])
        # An own role goes with the one in whose place it stands, and the other way round.
        roles = [one for one in person.roles if base_of(one) != base_of(code)]
        because = because or _("Taken on the page of roles.")
    elif form.is_valid():
        person, code = form.cleaned_data["person"], form.cleaned_data["role"]
        roles = [*person.roles, *([] if code in person.roles else [code])]
    else:
        return False
    if code not in known_codes():
        return False
    actions.change(person, by=by, because=because, roles=roles)
    messages.success(request, _("%(person)s holds: %(roles)s.") % {"person": person.title, "roles": _words(roles)})
    return True


def _words(codes: list[str]) -> str:
    return ", ".join(str(role.title) for role in known_roles() if role.code in codes) or "–"


def _form(by: Person) -> type[forms.Form]:
    return type(
        "GiveForm", (forms.Form,),
        {
            "person": RecordChoice(Person, by, label=gettext_lazy("Person")),
            "role": forms.ChoiceField(label=gettext_lazy("Role"), choices=[(role.code, role.title) for role in known_roles()]),
        },
    )  # fmt: skip
