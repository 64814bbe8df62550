"""Home: what waits for me, or for those who come to ask: what they can do here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.governance.sealing.standing import opens_for, unexplained
from gnomon.organization.models import Person
from gnomon.organization.sign_in import signed_in
from gnomon.records.watching import newest_entry, slot, watch
from gnomon.resolution.queries.major import current_for
from gnomon.resolution.views import portal
from gnomon.ui.render import render
from gnomon.web.glimpses import glimpse_of
from gnomon.web.menu_groups import is_requester_only, menu_for, work_for


def home(request: HttpRequest) -> HttpResponse:
    """My work, each number opening the list that it counts; requesters get the portal."""
    person = signed_in(request)
    if is_requester_only(person):
        return portal.home(request)
    greeting = _greeting() % {"name": person.title}
    tag = _tag(person)
    if request.headers.get("If-None-Match") == tag and "HX-Request" in request.headers:
        return HttpResponse(status=304, headers={"ETag": tag})
    watch(request, lambda _request: _mark(person))
    waiting = [(work, work.count(person)) for work in work_for(person)]
    answer = render(
        request, "web/home.html", partials={"waiting": "web/_waiting.html"}, greeting=greeting,
        broken=unexplained() if opens_for(person) else None, majors=current_for(person),
        waiting=[pair for pair in waiting if pair[1]], done=[pair for pair in waiting if not pair[1]],
        glimpses=[glimpse_of(work, count, person) for work, count in waiting if count and work.shows],
        groups=[group for group in menu_for(person, "") if group.clause], live_tag=tag,
    )  # fmt: skip
    answer["ETag"] = tag
    return answer


def _tag(person: Person) -> str:
    return f'"{_mark(person)}.home"'


def _mark(person: Person) -> str:
    """Changes whenever a record does of a kind that may wait for this person, and with the minute."""
    names = sorted({work.kind for work in work_for(person) if work.kind})
    return ".".join(str(number) for number in [*map(newest_entry, names), slot()])


def _greeting() -> str:
    hour = timezone.localtime().hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s.")
    return _("Good afternoon, %(name)s.") if 12 <= hour < 18 else _("Good evening, %(name)s.")
