"""Record, edit and move by hand; whoever comes second sees what changed and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.records import actions, permissions
from gnomon.records.custom import PREFIX
from gnomon.records.forms import CUSTOM, facts_of, form_for, initial_of, move_form, typed_since
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries import as_of_version, names_of
from gnomon.records.queries.differences import changes_since
from gnomon.records.refusals import InvalidFacts, MoveRefused, StaleRecord
from gnomon.records.showing import field_title
from gnomon.records.timelines import timeline
from gnomon.records.views.finding import expected, found, is_staff, person_of
from gnomon.records.views.here import beside_a_form
from gnomon.ui.render import render
from gnomon.ui.values import Status
from gnomon.workflow.tables import Move

DIALOG = {"dialog-body": "ui/_record_move.html"}


def new_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A form for a new record of this kind."""
    person = person_of(request)
    permissions.require(person, "create", kind)
    names = permissions.recordable(person, kind)
    presets = list(kind.presets(person)) if kind.presets is not None and permissions.may(person, "change", kind) else []
    begun = next((one.facts for one in presets if one.name == request.GET.get("template")), {})
    form = form_for(kind, names, person, with_custom=True)(_sent(request), initial={**begun, **request.GET.dict()})
    because_error = ""
    if form.is_valid():
        try:
            return redirect(actions.record(kind, by=person, because=_because(request), **_given(facts_of(form))))
        except InvalidFacts as refused:
            because_error = put_errors(form, refused)
    more = {"presets": presets, "preset": request.GET.get("template", "")}
    return _form_page(request, kind, form, because_error, record=None, cancel_url=reverse(f"{kind.name}-list"), **more)


def edit_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """The same form over a record that is already there."""
    record, person = found(request, kind, number), person_of(request)
    permissions.require(person, "change", kind)
    form_class = form_for(kind, kind.fields, person, with_custom=True)
    form = form_class(_sent(request), initial=initial_of(record, kind.fields))
    seen = seen_version(request, kind, record)
    because_error = ""
    if form.is_valid():
        try:
            return redirect(actions.change(record, by=person, because=_because(request), expect=seen, **_changed(form)))
        except InvalidFacts as refused:
            because_error = put_errors(form, refused)
        except StaleRecord as stale:
            return conflict(request, record, stale, form, seen)
    more = {
        "record": record,
        "because": True,
        "expect": seen,
        "cancel_url": record.get_absolute_url(),
        "since_url": f"{record.get_absolute_url()}/timeline/since/0",
    }
    return _form_page(request, kind, form, because_error, **more, **beside_a_form(request, kind, record))


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is decided with a move: a part of its form, and what is done once the move stands."""

    template: str
    shown: Mapping[str, Any]
    done: Callable[[Record], None]


def move_page(
    request: HttpRequest, kind: Kind, number: str, move: str, *, beside: Beside | None = None
) -> HttpResponse:  # fmt: skip
    """The facts that a move needs, and the move itself."""
    record, person = found(request, kind, number), person_of(request)
    try:
        step = kind.move_of(record, move)
    except LookupError:
        raise Http404(_("There is no such page.")) from None
    permissions.require_move(person, kind, step)
    form_class = move_form(kind, step, person, record)
    asked = {name: value for name, value in request.GET.items() if name in form_class.base_fields}
    form = form_class(_sent(request), initial={**initial_of(record, form_class.base_fields), **asked})
    seen = seen_version(request, kind, record)
    because_error, status = "", 422 if form.errors else 200
    if form.is_valid():
        try:
            actions.move(record, step.name, by=person, because=_because(request), expect=seen, **_changed(form))
            if beside is not None:
                beside.done(record)
            return redirect(record)
        except InvalidFacts as refused:
            because_error, status = put_errors(form, refused), 422
        except MoveRefused as refused:
            # Beside what was typed, which a page of its own would lose.
            form.add_error(None, refused.says)
            status = 409
        except StaleRecord as stale:
            return conflict(request, record, stale, form, seen, beside=beside)
    workflow = kind.workflow if step not in kind.workflow_of(record).moves else kind.workflow_of(record)
    state = workflow.state(step.end)
    return render(
        request, "ui/record_move.html", partials=DIALOG, kind=kind, record=record, move=step, form=form,
        because=_because(request), because_error=because_error, because_help=_who_reads(kind, step),
        ends=Status(state.title, str(state.phase)), beside=beside,
        expect=seen, cancel_url=record.get_absolute_url(), move_url=request.path,
        list_url=reverse(f"{kind.name}-list"), status=status, **beside_a_form(request, kind, record),
    )  # fmt: skip


def _who_reads(kind: Kind, step: Move) -> str:
    """Who reads the reason of a move, where that is not everybody who sees the record."""
    if kind.sees is None:
        return ""
    return _("The requester reads this too.") if step.name in kind.open_reasons else _("Only staff read this.")


def conflict(
    request: HttpRequest, record: Record, stale: StaleRecord, form: forms.Form, seen: int, *, beside: Beside | None = None
) -> HttpResponse:  # fmt: skip
    """Somebody was quicker: show what is new, and keep what was typed ready to send on top of it."""
    kind = record.kind
    record.refresh_from_db()
    since = list(LedgerEntry.objects.filter(number=record.number, version__gt=seen).order_by("-version")[:50])
    typed = typed_since(form, as_of_version(record.number, seen))
    mine = {"custom" if name.startswith(CUSTOM) else name for name in typed}
    # What they did not touch is as the other left it, or sending would undo the other's work unseen.
    merged = form.__class__(initial=initial_of(record, form.fields) | typed)
    return render(
        request, "ui/record_conflict.html", partials={"dialog-body": "ui/_record_conflict.html"}, status=409,
        kind=kind, record=record, beside=beside, by=sorted(names_of(entry.actor for entry in since).values()), form=merged,
        entries=timeline(kind, record, since, to=person_of(request), internal=is_staff(request, kind)),
        action_url=request.path, expect=record.version, because=_because(request),
        overlaps=[field_title(kind, name) for name in stale.changed if name in mine],
        list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def put_errors(form: forms.Form, refused: InvalidFacts) -> str:
    """Put each sentence beside its field; those of fields the form lacks go on top. Answers that about the reason."""
    for name, says in refused.fields.items():
        field = f"{CUSTOM}{name.removeprefix(PREFIX)}" if name.startswith(PREFIX) else name
        if name != "because":
            form.add_error(field if field in form.fields else None, says)
    return refused.fields.get("because", "")


def _form_page(
    request: HttpRequest, kind: Kind, form: forms.Form, because_error: str, **more: Any
) -> HttpResponse:  # fmt: skip
    if because_error:
        form.add_error(None, because_error)
    return render(
        request, "ui/record_form.html", kind=kind, form=form,
        list_url=reverse(f"{kind.name}-list"), status=422 if form.errors else 200, **{"expect": None, **more},
    )  # fmt: skip


def seen_version(request: HttpRequest, kind: Kind, record: Record) -> int:
    """The version that the form was made from; words and files added meanwhile do not make it old."""
    seen = min(expected(request) or record.version, record.version)
    if seen < record.version and not changes_since(kind, record.number, seen)[0]:
        return record.version
    return seen


def _changed(form: forms.Form) -> dict[str, Any]:
    """The facts that were typed; the rest stays as it is, to the second and the line end."""
    return {name: value for name, value in facts_of(form).items() if name == "custom" or name in form.changed_data}


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _because(request: HttpRequest) -> str:
    return request.POST.get("because", "").strip()


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what was left empty, so that defaults and derived facts can fill it."""
    return {name: value for name, value in facts.items() if value not in (None, "")}
