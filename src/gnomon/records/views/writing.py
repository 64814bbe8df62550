"""Record, edit and move by hand; whoever comes second sees what changed and loses nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records import actions, permissions
from gnomon.records.forms import facts_of, form_for, initial_of, move_form
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry
from gnomon.records.queries.people import names_of
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.records.showing import field_title
from gnomon.records.timelines import timeline
from gnomon.records.views.finding import expected, found, is_staff, person_of
from gnomon.ui.render import render
from gnomon.ui.values import Status

DIALOG = {"dialog-body": "ui/_record_move.html"}


def new_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A form for a new record of this kind."""
    person = person_of(request)
    permissions.require(person, "create", kind)
    form = form_for(kind, kind.fields, person, with_custom=True)(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.record(kind, by=person, **_given(facts_of(form))))
        except InvalidFacts as refused:
            put_errors(form, refused)
    status = 422 if form.errors else 200
    return render(
        request, "ui/record_form.html", kind=kind, record=None, form=form, expect=None, status=status,
        list_url=reverse(f"{kind.name}-list"), cancel_url=reverse(f"{kind.name}-list"),
    )  # fmt: skip


def edit_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """The same form over a record that is already there."""
    record, person = found(request, kind, number), person_of(request)
    permissions.require(person, "change", kind)
    form_class = form_for(kind, kind.fields, person, with_custom=True)
    form = form_class(request.POST or None, initial=initial_of(record, kind.fields))
    because = request.POST.get("because", "")
    if request.method == "POST" and form.is_valid():
        changed = {name: value for name, value in facts_of(form).items() if _is_touched(form, name)}
        try:
            return redirect(
                actions.change(record, by=person, because=because, expect=expected(request), **changed)
            )
        except InvalidFacts as refused:
            put_errors(form, refused)
        except StaleRecord as stale:
            return conflict(request, kind, number, stale, form, request.path)
    return render(
        request, "ui/record_form.html", kind=kind, record=record, form=form, because=True,
        expect=expected(request) or record.version, status=422 if form.errors else 200,
        list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def move_page(request: HttpRequest, kind: Kind, number: str, move: str) -> HttpResponse:
    """The facts that a move needs, and the move itself."""
    record, person = found(request, kind, number), person_of(request)
    workflow = kind.workflow_of(record)
    try:
        step = workflow.move(move)
    except LookupError:
        raise Http404(_("There is no such page.")) from None
    permissions.require(person, step.name, kind)
    names = (*step.needs, *step.asks)
    form = move_form(kind, step, person)(request.POST if request.method == "POST" else None, initial=initial_of(record, names))
    because = request.POST.get("because", "").strip()
    because_error = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.move(record, step.name, by=person, because=because, expect=expected(request), **facts_of(form))
            return redirect(record)
        except InvalidFacts as refused:
            because_error = put_errors(form, refused)
        except StaleRecord as stale:
            return conflict(request, kind, number, stale, form, request.path)
    state = workflow.state(step.end)
    return render(
        request, "ui/record_move.html", partials=DIALOG, kind=kind, record=record, move=step, form=form,
        because=because, because_error=because_error, ends=Status(state.title, str(state.phase)),
        expect=expected(request) or record.version, cancel_url=record.get_absolute_url(), move_url=request.path,
        list_url=reverse(f"{kind.name}-list"), status=200,
    )  # fmt: skip


def conflict(
    request: HttpRequest, kind: Kind, number: str, stale: StaleRecord, form: forms.Form, action_url: str
) -> HttpResponse:
    """Somebody was quicker: show what is new, and keep what was typed ready to send."""
    record = found(request, kind, number)
    seen = expected(request) or 0
    since = list(LedgerEntry.objects.filter(number=record.number, version__gt=seen).order_by("-version")[:50])
    mine = {name for name in form.changed_data}
    return render(
        request, "ui/record_conflict.html", partials={"dialog-body": "ui/_record_conflict.html"}, status=409,
        kind=kind, record=record, entries=timeline(kind, record, since, to=person_of(request), internal=is_staff(request, kind)),
        by=sorted(names_of(entry.actor for entry in since).values()), form=form, action_url=action_url,
        expect=record.version, because=request.POST.get("because", ""),
        overlaps=[field_title(kind, name) for name in stale.changed if name in mine],
        list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def put_errors(form: forms.Form, refused: InvalidFacts) -> str:
    """Put each sentence beside its field; those of fields the form lacks go on top. Answers that about the reason."""
    for name, says in refused.fields.items():
        if name != "because":
            form.add_error(name if name in form.fields else None, says)
    return refused.fields.get("because", "")


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what was left empty, so that defaults and derived facts can fill it."""
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _is_touched(form: forms.Form, name: str) -> bool:
    return name == "custom" or name in form.changed_data


