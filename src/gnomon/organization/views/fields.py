"""Custom fields of a kind in their order, and what a change of one would mean for records (8.1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from gnomon.organization.consequences import of_change
from gnomon.organization.customs import is_kind
from gnomon.organization.kind_fields import HIDDEN
from gnomon.organization.kinds import CUSTOM_FIELD
from gnomon.organization.models import CustomField
from gnomon.records import actions, permissions
from gnomon.records.definitions import IN_USE
from gnomon.records.forms import facts_of, form_for, initial_of
from gnomon.records.kinds import kinds
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.writing import edit_page
from gnomon.ui.render import render


def edit_field(request: HttpRequest, number: str) -> HttpResponse:
    """The generic form; where records would feel the change, that is shown before it is done."""
    record, person = found(request, CUSTOM_FIELD, number), person_of(request)
    assert isinstance(record, CustomField)
    permissions.require(person, "change", CUSTOM_FIELD)
    if request.method == "POST" and "sure" not in request.POST:
        form = form_for(CUSTOM_FIELD, CUSTOM_FIELD.fields, person)(
            request.POST, initial=initial_of(record, CUSTOM_FIELD.fields)
        )
        told = of_change(record, facts_of(form)) if form.is_valid() else []
        if told:
            sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
            return render(
                request, "organization/field_sure.html", record=record, told=told, cancel_url=record.get_absolute_url(),
                sent=[pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
            )  # fmt: skip
    return edit_page(request, kind=CUSTOM_FIELD, number=number)


def fields_page(request: HttpRequest) -> HttpResponse:
    """Every kind with its own fields in their order; POST moves one up or down."""
    person = person_of(request)
    permissions.require(person, "read", CUSTOM_FIELD)
    if request.method == "POST":
        _shift(request, person)
        return redirect(f"{request.path}#{request.POST.get('kind', '')}")
    by_kind: dict[str, list[CustomField]] = {}
    for field in CustomField.objects.order_by("status", "position", "id"):
        by_kind.setdefault(field.of_kind, []).append(field)
    lines = [
        {"kind": kind, "fields": by_kind.get(kind.name, [])}
        for kind in kinds()
        if kind.name not in HIDDEN and may(person, "read", kind)
    ]
    lines.sort(key=lambda line: not line["fields"])
    return render(
        request, "organization/fields.html", lines=lines, may_change=may(person, "change", CUSTOM_FIELD),
        may_create=may(person, "create", CUSTOM_FIELD),
    )  # fmt: skip


@transaction.atomic
def _shift(request: HttpRequest, person: Any) -> None:
    """Put a field one place up or down among those in use of its kind."""
    permissions.require(person, "change", CUSTOM_FIELD)
    up = "up" in request.POST
    field = get_object_or_404(CustomField, number=request.POST.get("up" if up else "down", "")[:40].replace("\x00", ""))
    if not is_kind(field.of_kind):
        says = _("There is no kind of record called %(name)s that may have its own fields.") % {"name": field.of_kind}
        raise InvalidFacts(says, {"of_kind": says})
    beside = list(CustomField.objects.filter(of_kind=field.of_kind, status=IN_USE).order_by("position", "id"))
    at = next((n for n, one in enumerate(beside) if one.pk == field.pk), None)
    if at is None:
        return
    to = max(0, at - 1) if up else min(len(beside) - 1, at + 1)
    beside.insert(to, beside.pop(at))
    for place, one in enumerate(beside, 1):
        actions.change(one, by=person, position=10 * place)
