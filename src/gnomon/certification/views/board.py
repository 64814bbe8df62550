"""The map of clauses 4 to 10, a clause, and the button that checks now."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.certification.actions.run import run_checks
from gnomon.certification.catalogue import catalogue
from gnomon.certification.forms import AsOfForm
from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.queries.board import Tally, chosen, lines_of, readiness, run_columns, tallies, to_do
from gnomon.certification.queries.conformity import moment_asked
from gnomon.certification.views.doors import for_readers, person_of, run_asked, run_kept
from gnomon.records.permissions import may
from gnomon.ui.render import render


@for_readers
def board(request: HttpRequest) -> HttpResponse:
    run = run_asked(request)
    lines = lines_of(run) if run else []
    return render(
        request,
        "certification/board.html",
        run=run,
        run_kept=run_kept(request, run),
        tallies=tallies(lines),
        whole=Tally("4–10", _("All requirements"), lines),
        readiness=readiness(lines),
        to_do=to_do(lines),
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
    """Run the checks, as of now or of an earlier day, and show what they found."""
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
    run = run_checks(as_of, within, by=person_of(request))
    messages.success(request, _("Checked: %(run)s.") % {"run": run.number})
    place = reverse("certification-clause", args=[within]) if within in catalogue().titles else None
    place = place or (reverse("certification-requirement", args=[within]) if within else reverse("certification-board"))
    return redirect(f"{place}?run={run.number}" if day else place)
