"""One wish for many records: shown first, tried out when asked, then done row by row, each with its own answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records.actions import bulk
from gnomon.records.actions.bulk import Outcome, Wish
from gnomon.records.bulk_forms import CLEAR, bulk_change_form, bulk_form
from gnomon.records.definitions import move_named
from gnomon.records.forms import facts_of
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.views.finding import person_of
from gnomon.ui.render import render

CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the preview: whether it can be done, why not, and whether it is ticked."""

    record: Record
    can: bool
    why: str
    ticked: bool


@require_POST
def bulk_move(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Preview a move or a change over the chosen records; with `sure`, carry it out; refused ones stay for another try."""
    person, name = person_of(request), request.POST.get("move", "")
    step = _step(kind, name)
    bulk.require_wish(Wish(kind, step.name if step else ""), person)
    records = _records(request, kind)
    sure, check = "sure" in request.POST and "check" not in request.POST, "check" in request.POST
    form_class = bulk_form(kind, step, person, records) if step else bulk_change_form(kind, person)
    form = form_class(request.POST if sure or check else None)
    wish = Wish(kind, step.name if step else "", _facts(form), request.POST.get("because", "").strip())
    results: list[Outcome] = []
    if sure and form.is_valid() and _says_something(form, wish):
        results = bulk.carry_out(wish, records, by=person, seen=_seen(request))
        records = [result.record for result in results if not result.done]
        for record in records:
            record.refresh_from_db()  # the next try is made of what is there now
    lines = _lines(form, wish, records, person, results, request) if records else []
    return render(
        request, "records/bulk.html", kind=kind, move=step, name=name, form=form, records=records, lines=lines,
        results=results, done=sum(result.done for result in results), because=wish.because,
        title=step.title if step else _("Change fields"), list_url=_back(request, kind), query=request.POST.get("where", ""),
        tried=check and not form.errors, can=sum(line.can for line in lines), status=422 if form.errors else 200,
    )  # fmt: skip


def _step(kind: Kind, name: str) -> Any:
    if name == CHANGE:
        return None
    try:
        return move_named(kind, name)
    except LookupError:
        raise Http404(_("There is no such page.")) from None


def _records(request: HttpRequest, kind: Kind) -> list[Any]:
    person = person_of(request)
    if "every" in request.POST:
        where = QueryDict(request.POST.get("where", ""))
        return bulk.records_where(kind, person, dict(where.lists()))
    return bulk.chosen_records(kind, person, request.POST.getlist("number"))


def _facts(form: forms.Form) -> Mapping[str, Any]:
    """What was filled; what was left empty stays as each record has it, unless it is ticked to be emptied."""
    if not form.is_bound or not form.is_valid():
        return {}
    given = facts_of(form)
    emptied = dict.fromkeys(given.pop(CLEAR, ()))
    return {name: value for name, value in given.items() if value not in (None, "")} | emptied


def _says_something(form: forms.Form, wish: Wish) -> bool:
    """Whether there is anything to do; else the form says so."""
    if wish.move or wish.facts:
        return True
    form.add_error(None, _("Fill at least one field, or tick one to be emptied."))
    return False


def _lines(
    form: forms.Form,
    wish: Wish,
    records: Sequence[Record],
    person: Any,
    results: Sequence[Outcome],
    request: HttpRequest,
) -> list[Line]:
    """Each record with what would become of it; what the form still asks for is no reason against it."""
    asked = {*form.fields, "because"} if not (form.is_bound and form.is_valid()) else set()
    tried = bulk.try_out(wish, records, by=person) if wish.move or wish.facts else []
    refused = {result.record.number for result in results}
    # Whoever tries out keeps the ticks; on the first look what can be done is ticked.
    ticked = set(request.POST.getlist("number")) if "check" in request.POST else None
    lines = []
    for outcome in tried or [Outcome(record, True, "") for record in records]:
        can = outcome.done or bool(outcome.fields and asked.issuperset(outcome.fields))
        number = outcome.record.number
        chosen = number in refused or (can if ticked is None else number in ticked)
        lines.append(Line(outcome.record, can, "" if can else outcome.says, chosen))
    return lines


def _seen(request: HttpRequest) -> dict[str, int]:
    """Number → the version that the preview showed."""
    pairs = (pair.rpartition("=") for pair in request.POST.getlist("seen"))
    return {number: int(version) for number, _sign, version in pairs if version.isdigit() and len(version) < 10}


def _back(request: HttpRequest, kind: Kind) -> str:
    query = QueryDict(request.POST.get("where", "")).urlencode()
    return f"{reverse(f'{kind.name}-list')}?{query}" if query else reverse(f"{kind.name}-list")
