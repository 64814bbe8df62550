"""The list of exactly the records that a figure of a run counts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from gnomon.certification.catalogue import catalogue
from gnomon.certification.kinds import SAMPLE
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries.behind import numbers_behind, records_behind
from gnomon.certification.views.doors import for_readers, person_of
from gnomon.records.permissions import may
from gnomon.ui.render import render

A_PAGE = 100
TITLES = {"seen": _("Records seen"), "late": _("Records that were late"), "failed": _("Records that failed")}


@for_readers
def behind(request: HttpRequest, run: str, requirement: str, rule: int, part: str) -> HttpResponse:
    found = get_object_or_404(ConformityRun, number=run)
    try:
        numbers = numbers_behind(found, requirement, rule, part)
        asked = catalogue(found.edition).requirement(requirement)
    except LookupError as unknown:
        raise Http404(str(unknown)) from unknown
    page = Paginator(numbers, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "certification/behind.html",
        run=found,
        asked=asked,
        rule=asked.rules[rule - 1] if rule else None,
        part=part,
        title=TITLES[part],
        total=len(numbers),
        page=page,
        may_draw=may(person_of(request), "create", SAMPLE),
        records=records_behind(list(page.object_list), person_of(request)),
    )
