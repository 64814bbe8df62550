"""Words about a record, and its links to others."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions
from gnomon.records.kinds import Kind
from gnomon.records.refusals import InvalidFacts
from gnomon.records.relations import RELATIONS, other_end, relation_title
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.records.views.page import CommentForm, record_page
from gnomon.records.views.writing import put_errors
from gnomon.ui.render import render


@require_POST
def comment(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Say something about a record."""
    record, staff = found(request, kind, number), is_staff(request, kind)
    form = CommentForm(request.POST, staff=staff)
    if form.is_valid():
        try:
            actions.comment(
                record,
                form.cleaned_data["text"],
                by=person_of(request),
                internal=form.cleaned_data.get("internal", False),
            )
            return redirect(record)
        except InvalidFacts as refused:
            put_errors(form, refused)
    answer = record_page(request, kind, number, comment_form=form)
    answer.status_code = 422
    return answer


class LinkForm(forms.Form):
    """The record to relate to, and how."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(relation, relation_title(relation)) for relation in RELATIONS]
        self.fields["relation"] = forms.ChoiceField(label=_("Relation"), choices=choices)
        self.fields["other"] = forms.CharField(
            label=_("Number of the other record"), max_length=40, help_text=_("For example INC-000042.")
        )


def link(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Relate a record to another of any kind."""
    record, person = found(request, kind, number), person_of(request)
    form = LinkForm(request.POST or None, initial={name: request.GET.get(name, "") for name in ("other", "relation")})
    if request.method == "POST" and form.is_valid():
        other = other_end(form.cleaned_data["other"], person)
        if other is None:
            form.add_error("other", _("There is no record with this number."))
        else:
            try:
                actions.link(record, other, form.cleaned_data["relation"], by=person)
                return redirect(record)
            except InvalidFacts as refused:
                put_errors(form, refused)
    return render(
        request, "records/link.html", partials={"dialog-body": "records/_link.html"}, kind=kind, record=record,
        form=form, list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(), link_url=request.path,
        status=422 if form.errors else 200,
    )  # fmt: skip
