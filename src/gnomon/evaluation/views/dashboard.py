"""The dashboard: how well incidents are dealt with, and the list behind every figure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.evaluation import drawing
from gnomon.evaluation.choices import NARROWED_BY, choice
from gnomon.evaluation.forms import ChoiceForm
from gnomon.evaluation.queries.dashboard import board, span_of_records
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.ui.render import render


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """For people who may read all incidents: for anybody else figures and lists would not agree."""
    incidents = kind_named("incident")
    person: Any = request.user
    if not may(person, "read", incidents):
        raise Http404(_("There is no such page."))
    now = datetime.now(UTC)
    first, newest = span_of_records()
    chosen = choice(request.GET.dict(), first=first, newest=newest, now=now)
    found = board(chosen, now)
    start, end = chosen.days
    form = ChoiceForm(
        {"period": chosen.name, "since": start.isoformat(), "until": end.isoformat()}
        | {name: request.GET.get(name, "") for name in NARROWED_BY}
    )
    return render(
        request,
        "evaluation/dashboard.html",
        partials={"board": "evaluation/_board.html"},
        choice=chosen,
        start=start,
        end=end,
        form=form,
        newest=newest,
        tiles=drawing.tiles(found, chosen),
        charts=drawing.charts(found, chosen),
        is_empty=found.is_empty,
    )
