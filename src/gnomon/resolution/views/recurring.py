"""The page of incidents that keep coming back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.resolution.queries.similar import DAYS, clusters
from gnomon.ui.render import render
from gnomon.ui.tables import Tab

PERIODS = (7, 30, 90)


def recurring(request: HttpRequest) -> HttpResponse:
    """Services and categories with several incidents lately; each number opens the list that it counts."""
    person = signed_in(request)
    if not may(person, "read", kind_named("incident")):
        raise Http404(_("There is no such page."))
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(period) for period in PERIODS} else DAYS
    tabs = [
        Tab(_("%(days)d days") % {"days": period}, f"{request.path}?days={period}", period == days)
        for period in PERIODS
    ]
    return render(request, "resolution/recurring.html", clusters=clusters(person, days), tabs=tabs, days=days)
