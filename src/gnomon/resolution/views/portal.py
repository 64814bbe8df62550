"""The requesters' home: what works now, my reports, and what I have to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gnomon.portfolio.models import Service
from gnomon.records.views.finding import is_unchanged, person_of
from gnomon.records.watching import newest_entry, slot, watch
from gnomon.resolution.models import Incident
from gnomon.resolution.plain_words import standing
from gnomon.resolution.published import follow, published
from gnomon.resolution.queries.health import health
from gnomon.resolution.queries.suggestions import suggestions
from gnomon.ui.render import render

OPEN, DONE = 50, 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What works, and where my reports stand."""
    person = person_of(request)
    tag = f'"{_mark(request)}.{slot()}"'
    watch(request, _mark)
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    told = published(person)
    services, reports = health(person, told), my_reports(person)
    known = {one.service.number for one in services}
    answer = render(
        request, "resolution/portal/home.html", partials={"live": "resolution/portal/_home.html"},
        troubled=[one for one in services if one.state != "works"],
        working=[one for one in services if one.state == "works"],
        elsewhere=[one for one in told if one.service not in known],
        todo=[one for one in reports if one["standing"].todo],
        reports=[one for one in reports if not one["standing"].todo], live_url=reverse("portal"), live_tag=tag,
    )  # fmt: skip
    answer["ETag"] = tag
    return answer


def _mark(_request: HttpRequest) -> str:
    """What the page rests on: it is made anew when something happens to any incident, or is published."""
    return f"portal-{newest_entry('incident')}-{newest_entry('customer_notice')}"


def my_reports(person: Any) -> list[dict[str, Any]]:
    """My reports with where they stand: all that are open, and the last ones that are done."""
    mine = (
        Incident.objects.filter(requester__number=person.number)
        .select_related("service", "merged_into")
        .order_by("-id")
    )
    done = ("closed", "cancelled")
    found = [*mine.exclude(status__in=done)[:OPEN], *mine.filter(status__in=done)[:DONE]]
    return [{"incident": incident, "standing": standing(incident)} for incident in found]


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What I may already know, while I type: a part of the report form."""
    person = person_of(request)
    found = suggestions(
        request.GET.get("title", ""), _service_number(request.GET.get("service", "")), person, published(person)
    )  # fmt: skip
    return render(request, "resolution/portal/_suggestions.html", found=found)


def _service_number(key: str) -> str:
    """The number of the service that was chosen in the form, which knows it by its key."""
    known = Service.objects.filter(pk=int(key)) if key.isdecimal() and len(key) < 18 else Service.objects.none()
    number: str = known.values_list("number", flat=True).first() or ""
    return number


@require_POST
def follow_disturbance(request: HttpRequest, number: str) -> HttpResponse:
    """I am hit too: tell me what becomes of it."""
    if not follow(number.upper(), person_of(request)):
        raise Http404(_("There is no such page."))
    messages.success(
        request, _("You follow it now. You are told when something new is published; no need to report it.")
    )
    return redirect("portal")
