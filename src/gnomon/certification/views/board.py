"""The map of clauses 4 to 10, a clause, and the button that checks now."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.certification.actions import ask_for_run
from gnomon.certification.catalogue import catalogue
from gnomon.certification.forms import AsOfForm
from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import Checking
from gnomon.certification.queries.board import Tally, chosen, lines_of, readiness, run_columns, tallies
from gnomon.certification.queries.conformity import moment_asked
from gnomon.certification.queries.next import next_actions
from gnomon.certification.views.doors import for_readers, person_of, run_asked, run_kept
from gnomon.governance.sealing.standing import opens_for, unexplained
from gnomon.records.permissions import may
from gnomon.ui.render import render


@for_readers
def board(request: HttpRequest) -> HttpResponse:
    run = run_asked(request)
    lines = lines_of(run) if run else []
    broken = unexplained()
    return render(
        request,
        "certification/board.html",
        run=run,
        broken=broken,
        opens=opens_for(person_of(request)),
        run_kept=run_kept(request, run),
        tallies=tallies(lines),
        whole=Tally("4–10", _("All requirements"), lines),
        readiness=readiness(lines, proven=broken is None),
        actions=next_actions(run) if run else [],
        columns=run_columns(run.clause) if run else [],
        book=catalogue(),
        form=AsOfForm(initial={"as_of": request.GET.get("as_of", "")}),
        may_check=may(person_of(request), "create", CONFORMITY_RUN),
    )


@for_readers
def clause(request: HttpRequest, clause_number: str) -> HttpResponse:
    book = catalogue()
    if clause_number not in book.titles:
        raise Http404(_("The standard has no clause %(number)s.") % {"number": clause_number})
    return _listed(request, clause_number, book.titles[clause_number])


@for_readers
def requirements(request: HttpRequest) -> HttpResponse:
    """All requirements, or those of one verdict."""
    return _listed(request, "", _("Requirements"))


def _listed(request: HttpRequest, number: str, title: object) -> HttpResponse:
    run = run_asked(request, number)
    lines = chosen(lines_of(run, number) if run else [], request.GET.get("status", ""), "binding" in request.GET)
    return render(
        request,
        "certification/clause.html",
        number=number,
        title=title,
        run=run,
        run_kept=run_kept(request, run),
        tally=Tally(number or "4–10", title, lines),
        below=[tally for _top, leaves in tallies(lines) for tally in leaves],
        trail=[part for part in catalogue().titles if number.startswith(f"{part}.")],
        may_check=may(person_of(request), "create", CONFORMITY_RUN),
    )


@require_POST
@for_readers
def check_now(request: HttpRequest) -> HttpResponse:
    """Have the checks run, as of now or of an earlier day, and show how far they are."""
    form = AsOfForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was checked: choose a day and a clause of the standard."))
        return redirect("certification-board")
    day, within = form.cleaned_data["as_of"], form.cleaned_data["clause"]
    try:
        as_of = min(moment_asked(day.isoformat()), datetime.now(UTC)) if day else None
    except ValueError:
        messages.error(request, _("Nothing was checked: choose a day and a clause of the standard."))
        return redirect("certification-board")
    checking = ask_for_run(within, as_of, by=person_of(request))
    return redirect("certification-checking", checking.pk)


@for_readers
def checking(request: HttpRequest, checking: int) -> HttpResponse:
    """How far a run is that somebody asked for; when it is made, its page."""
    asked = get_object_or_404(Checking, pk=checking)
    if asked.run:
        messages.success(request, _("Checked: %(run)s.") % {"run": asked.run})
        return _to(request, _place(asked))
    share = 100 * asked.done // asked.total if asked.total else 0
    part = {"checking": "certification/_checking.html"}
    return render(request, "certification/checking.html", partials=part, asked=asked, share=share)


def _place(asked: Checking) -> str:
    if asked.clause in catalogue().titles:
        place = reverse("certification-clause", args=[asked.clause])
    elif asked.clause:
        place = reverse("certification-requirement", args=[asked.clause])
    else:
        place = reverse("certification-board")
    return f"{place}?run={asked.run}" if asked.as_of else place


def _to(request: HttpRequest, place: str) -> HttpResponse:
    """There, also when only a part of the page asked."""
    if "HX-Request" not in request.headers:
        return redirect(place)
    answer = HttpResponse()
    answer["HX-Redirect"] = place
    return answer
