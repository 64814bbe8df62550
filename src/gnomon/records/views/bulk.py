"""One move for many records: shown first, then done row by row, each with its own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions, permissions
from gnomon.records.forms import bulk_form, facts_of
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import visible
from gnomon.records.refusals import Refused
from gnomon.records.texts import fault_of
from gnomon.records.views.finding import person_of
from gnomon.ui.render import render

MOST = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record."""

    record: Record
    says: str
    done: bool


@require_POST
def bulk_move(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Preview the chosen move over the chosen records; with `sure`, carry it out."""
    person = person_of(request)
    numbers = list(dict.fromkeys(number for number in request.POST.getlist("number") if not fault_of(number)))[:MOST]
    try:
        step = kind.workflow.move(request.POST.get("move", ""))
    except LookupError:
        raise Http404(_("There is no such page.")) from None
    permissions.require_move(person, kind, step)
    records: list[Any] = list(visible(kind.model.objects.filter(number__in=numbers), person).order_by("-id"))
    sure = "sure" in request.POST
    form = bulk_form(kind, step, person, records)(request.POST if sure else None)
    because = request.POST.get("because", "").strip()
    results: list[Result] = []
    if sure and form.is_valid():
        # What is left empty stays as each record has it.
        facts = {name: value for name, value in facts_of(form).items() if value not in (None, "")}
        results = [_one(record, step.name, person, because, facts) for record in records]
    return render(
        request, "records/bulk.html", kind=kind, move=step, form=form, records=records, results=results,
        because=because, list_url=reverse(f"{kind.name}-list"),
        ready=[(record, record.status in step.starts) for record in records],
        done=sum(result.done for result in results), status=422 if form.errors else 200,
    )  # fmt: skip


def _one(record: Record, move: str, person: Any, because: str, facts: dict[str, Any]) -> Result:
    try:
        with transaction.atomic():
            actions.move(record, move, by=person, because=because, **facts)
    except Refused as refused:
        return Result(record, refused.says, done=False)
    return Result(record, record.status_title, done=True)
