"""Two categories become one: what it would change, then the change (8.6.1 a)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.jobs.models import QueuedJob
from gnomon.records import permissions
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import found, person_of
from gnomon.resolution.categories import MERGE, begin_merge, could_take, incidents_of
from gnomon.resolution.category_kind import category as CATEGORY
from gnomon.resolution.models import Category
from gnomon.ui.render import render

SHOWN = 20


def merge(request: HttpRequest, number: str) -> HttpResponse:
    """The preview, and with a reason the act; the worker gives the incidents their new category."""
    record, person = found(request, CATEGORY, number), person_of(request)
    assert isinstance(record, Category)
    permissions.require(person, "change", CATEGORY)
    error, chosen, because = "", request.POST.get("into", ""), request.POST.get("because", "")
    if request.method == "POST":
        into = could_take(record).filter(number=chosen.replace("\x00", "")[:40]).first()
        try:
            if into is None:
                raise InvalidFacts(_("Choose the category that takes over."), {"into": _("Choose one.")})
            begin_merge(record, into, by=person, because=because)
            messages.success(request, _("The worker gives the incidents their new category now."))
            return redirect(request.path)
        except InvalidFacts as refused:
            error = refused.says
    about = incidents_of(record)
    return render(
        request, "resolution/category_merge.html", record=record, choices=could_take(record), count=about.count(),
        some=about.order_by("-pk")[:SHOWN], error=error, chosen=chosen, because=because, status=422 if error else 200,
        waiting=QueuedJob.objects.filter(name=MERGE, state__in=("waiting", "running"), facts__number=number.upper()).exists(),
    )  # fmt: skip
