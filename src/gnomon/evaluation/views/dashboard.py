"""The dashboards: one frame and a switcher, what each shows, and the list behind every figure."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.evaluation.boards import process
from gnomon.evaluation.boards.all import boards_for, first_board, sheet_of
from gnomon.evaluation.boards.asking import asked_of
from gnomon.evaluation.boards.declared import Asked, Dashboard
from gnomon.evaluation.boards.sheet import marks
from gnomon.evaluation.choices import NARROWED_BY
from gnomon.evaluation.forms import STEPS, ChoiceForm
from gnomon.evaluation.reports.making import FORMS
from gnomon.records.watching import newest_entry, slot, watch
from gnomon.ui.queries import changed_query
from gnomon.ui.render import render
from gnomon.ui.tables import Tab


@login_required
def opening(request: HttpRequest) -> HttpResponse:
    """The dashboard that this person opens first, with what the address says."""
    board = first_board(request.user)  # type: ignore[arg-type]
    if board is None:
        raise Http404(_("There is no such page."))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('dashboard', args=[board.name])}{query}")


@login_required
def dashboard(request: HttpRequest, name: str) -> HttpResponse:
    """For people who may read all incidents and hold a role that the dashboard is for."""
    board = board_asked(request, name)
    tag = _tag(board)
    if board.live:
        watch(request, lambda _request: _mark())
        if request.headers.get("If-None-Match") == tag and "HX-Request" in request.headers:
            return HttpResponse(status=304, headers={"ETag": tag})
    asked, newest = asked_of(request.user, board, request.GET.dict())
    start, end = asked.choice.days
    sheet = sheet_of(board, asked) if newest else None
    answer = render(
        request,
        "evaluation/dashboard.html",
        partials={"board": "evaluation/_board.html"},
        board=board,
        tabs=_tabs(request, board),
        choice=asked.choice,
        start=start,
        end=end,
        form=_form(request, board, asked),
        newest=newest,
        sheet=sheet,
        is_quiet=sheet is not None and not any(mark.count for mark in marks(sheet)),
        live_tag=tag,
        files=[
            (form, f"{reverse('dashboard-report', args=[board.name, form])}?{request.GET.urlencode()}")
            for form in FORMS
        ],
        now=asked.now,
    )
    if board.live:
        answer["ETag"] = tag
    return answer


def board_asked(request: HttpRequest, name: str) -> Dashboard:
    """The dashboard of that name; 404 for whom it is not meant."""
    for board in boards_for(request.user):  # type: ignore[arg-type]
        if board.name == name:
            return board
    raise Http404(_("There is no such page."))


def _form(request: HttpRequest, board: Dashboard, asked: Asked) -> ChoiceForm:
    start, end = asked.choice.days
    offers: dict[str, Mapping[str, Any]] = {}
    initial: dict[str, Any] = {name: request.GET.get(name, "") for name in NARROWED_BY}
    if board.name == "process":
        offers["process"] = process.processes_for(asked.person)
        initial["process"] = process.chosen_process(asked)
    if board.name in {"process", "management"}:
        offers["step"] = dict(STEPS)
        initial["step"] = process.step_of(asked)
    initial |= {"period": asked.choice.name, "since": start.isoformat(), "until": end.isoformat()}
    return ChoiceForm(initial, board.narrowed_by, offers, has_period=board.has_period)


def _tabs(request: HttpRequest, board: Dashboard) -> list[Tab]:
    """The other dashboards, of the same period and narrowed alike."""
    kept = changed_query(request.GET, {"format": None})
    query = kept if kept != "?" else ""
    return [
        Tab(one.title, f"{reverse('dashboard', args=[one.name])}{query}", one is board)
        for one in boards_for(request.user)  # type: ignore[arg-type]
    ]


def _tag(board: Dashboard) -> str:
    return f'"{_mark()}.{zlib.crc32(board.name.encode()):x}"'


def _mark() -> str:
    """Changes whenever an incident does, and with the minute."""
    return f"{newest_entry('incident')}.{slot()}"
