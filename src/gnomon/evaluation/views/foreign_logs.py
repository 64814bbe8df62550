"""Logs from elsewhere: send one, see what is in it, and how its cases really went (8.1, 9.1)."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.evaluation.actions.foreign_logs import (
    KEPT_FOR,
    MOST_BYTES,
    choose_columns,
    forget_log,
    receive_log,
    require_looking,
)
from gnomon.evaluation.mining.atlas import PACES, Atlas, time_words
from gnomon.evaluation.mining.foreign_forms import ColumnsForm, LogForm
from gnomon.evaluation.mining.looks import LogQuestion, cases_behind, problems_of, question_about, steps_of
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.evaluation.models import ForeignLog
from gnomon.evaluation.queries.foreign_logs import logs_of
from gnomon.evaluation.views.mined_map import atlas_tiles
from gnomon.evaluation.views.mined_waits import slowest
from gnomon.evaluation.views.mined_ways import page_at, ways_page
from gnomon.jobs.moments import moment
from gnomon.organization.sign_in import signed_in
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.ui.render import render
from gnomon.ui.tables import Tab
from gnomon.ui.tiles import Tile

State = ForeignLog.State
PAGE = 50


def logs_page(request: HttpRequest) -> HttpResponse:
    """What somebody sent, and a new file."""
    person = signed_in(request)
    require_looking(person)
    form = LogForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("foreign-log", key=receive_log(form.cleaned_data["file"], by=person).pk)
        except UnreadableFile as refused:
            form.add_error("file", refused.says)
    return render(
        request, "evaluation/foreign/logs.html", form=form, logs=logs_of(person), most=MOST_BYTES, days=KEPT_FOR.days,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )  # fmt: skip


def log_page(request: HttpRequest, key: int) -> HttpResponse:
    """The first look: what is in it, and what is wrong with it; other columns or objects can be chosen here."""
    log = log_or_404(request, key)
    person = signed_in(request)
    if request.method == "POST" and "forget" in request.POST:
        forget_log(log)
        return redirect("foreign-logs")
    form = ColumnsForm(log.look, log.columns, request.POST or None)
    if request.method == "POST" and form.is_valid():
        choose_columns(log, form.cleaned_data, by=person)
        return redirect("foreign-log", key=key)
    return _page(
        request, log, "foreign-log", "evaluation/foreign/_look.html", form=form, problems=problems_of(log.look),
        tiles=_tiles(log), waiting=log.state == State.WAITING, refused=log.state == State.REFUSED,
        first=_moment(log.look.get("first")), last=_moment(log.look.get("last")),
    )  # fmt: skip


def log_map(request: HttpRequest, key: int) -> HttpResponse:
    """The map of a log from elsewhere."""
    log, question = _read(request, key)
    atlas = Atlas(question)
    return _page(
        request, log, "foreign-log-map", "evaluation/mining/_map.html", atlas=atlas, tiles=atlas_tiles(atlas),
        paces=list(enumerate((says for _upto, says in PACES), 1)), is_empty=not atlas.graph.cases,
    )  # fmt: skip


def log_variants(request: HttpRequest, key: int) -> HttpResponse:
    """The ways that its cases went."""
    log, question = _read(request, key)
    return _page(
        request, log, "foreign-log-variants", "evaluation/mining/_variants.html",
        **ways_page(question, question.variants(), request.GET.get("page", "")),
    )  # fmt: skip


def log_slowest(request: HttpRequest, key: int) -> HttpResponse:
    """The steps that took the most time in all."""
    log, question = _read(request, key)
    return _page(
        request, log, "foreign-log-slowest", "evaluation/foreign/_slowest.html", steps=slowest(Atlas(question))
    )


def log_cases(request: HttpRequest, key: int) -> HttpResponse:
    """The cases behind a number, page by page."""
    log, question = _read(request, key)
    which = request.GET.get("which", "")
    try:
        found = cases_behind(question, which)
    except LookupError:
        raise Http404(_("There is no such page.")) from None
    at = page_at(request.GET.get("page", ""), len(found), PAGE)
    lines = [
        (one.name, one.events, moment(one.first), moment(one.last), time_words(one.last - one.first))
        for one in found[at * PAGE : (at + 1) * PAGE]
    ]
    return _page(
        request, log, "foreign-log-cases", "evaluation/foreign/_cases.html", lines=lines, count=len(found),
        which=_which_words(which), before=at, following=at + 2 if (at + 1) * PAGE < len(found) else 0,
    )  # fmt: skip


def log_case(request: HttpRequest, key: int) -> HttpResponse:
    """One case, event by event."""
    log, question = _read(request, key)
    name = request.GET.get("case", "")
    steps = steps_of(question, name)
    if not steps:
        raise Http404(_("There is no such page."))
    lines = [(one.activity, moment(one.at), "" if one.after is None else time_words(one.after)) for one in steps]
    return _page(request, log, "foreign-log-cases", "evaluation/foreign/_case.html", name=name, lines=lines)


def log_or_404(request: HttpRequest, key: int) -> ForeignLog:
    """A log of this person; those of others do not exist."""
    log = logs_of(signed_in(request)).filter(pk=key).first()
    if log is None:
        raise Http404(_("There is no such page."))
    return log


def _read(request: HttpRequest, key: int) -> tuple[ForeignLog, LogQuestion]:
    log = log_or_404(request, key)
    try:
        return log, question_about(log)
    except LookupError:
        raise Http404(_("This log is not read yet, or cannot be. Open its first page.")) from None


def _page(request: HttpRequest, log: ForeignLog, here: str, partial: str, **context: Any) -> HttpResponse:
    return render(
        request, "evaluation/foreign/log.html", partials={"mined": partial}, log=log, tabs=_tabs(log, here),
        partial=partial, foreign=True, here=reverse("foreign-log", args=[log.pk]), **context,
    )  # fmt: skip


def _tabs(log: ForeignLog, here: str) -> list[Tab]:
    titles = {
        "foreign-log": _("What is in it"), "foreign-log-map": _("Map"), "foreign-log-variants": _("Variants"),
        "foreign-log-slowest": _("Bottlenecks"), "foreign-log-cases": _("Cases"),
    }  # fmt: skip
    if log.state != State.READ:
        return []
    return [Tab(title, reverse(name, args=[log.pk]), active=name == here) for name, title in titles.items()]


def _tiles(log: ForeignLog) -> list[Tile]:
    if log.state != State.READ:
        return []
    look = log.look
    return [
        Tile(_("Cases"), look["cases"], reverse("foreign-log-cases", args=[log.pk])),
        Tile(_("Events"), look["events"], ""),
        Tile(_("Activities"), look["activities"], reverse("foreign-log-map", args=[log.pk])),
        Tile(_("Left out"), look["left_out"], "", note=_("events that cannot be used")),
    ]


def _which_words(which: str) -> str:
    what, _dot, value = which.partition(".")
    steps = " → ".join(value.split(ARROW))
    return {
        "step": steps, "activity": steps, "variant": _("way %(key)s") % {"key": value[:6]},
        "first": _("begins with %(activity)s") % {"activity": value},
        "last": _("so far ends with %(activity)s") % {"activity": value},
    }.get(what, "")  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
