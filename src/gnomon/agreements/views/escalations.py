"""Running escalations for those who manage them, and the answer of whoever is called (8.6.1 c)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.agreements.escalation import showing
from gnomon.agreements.escalation.calling import acknowledge
from gnomon.agreements.escalation.means import means_of
from gnomon.records.kinds import Kind, kinds
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.ui.render import render
from gnomon.ui.tables import Tab


def escalations(request: HttpRequest) -> HttpResponse:
    """All that run, those that need somebody first; for staff."""
    if not any(is_staff(request, kind) for kind in escalated()):
        raise Http404(_("There is no such page."))
    only_overdue = request.GET.get("show") == "overdue"
    tabs = [
        Tab(_("All"), request.path, not only_overdue),
        Tab(_("Needs attention"), f"{request.path}?show=overdue", only_overdue, count=showing.overdue().count()),
    ]
    return render(
        request, "agreements/escalations.html", tabs=tabs, heading_label=_("Running escalations"),
        lines=showing.running(person_of(request), only_overdue=only_overdue), only_overdue=only_overdue,
        most=showing.MOST,
    )  # fmt: skip


def escalated() -> list[Kind]:
    """The kinds whose records follow policies."""
    return [kind for kind in kinds() if means_of(kind.name) is not None]


@require_POST
def answer(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer the calls of a record."""
    record = found(request, kind, number)
    acknowledge(record, by=person_of(request))
    return redirect(record)
