"""Home: what waits for me, or for those who come to ask: what they can do here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.organization.sign_in import signed_in
from gnomon.ui.render import render
from gnomon.web.menu_groups import entries_for, is_requester_only, menu_for, work_for


def home(request: HttpRequest) -> HttpResponse:
    """My work, each number opening the list that it counts; requesters get the portal."""
    person = signed_in(request)
    greeting = _greeting() % {"name": person.title}
    waiting = [(work, work.count(person)) for work in work_for(person)]
    if is_requester_only(person):
        doors = [entry for entry in entries_for(person) if entry.url not in ("/", "/search") and entry.roles]
        return render(request, "web/portal.html", greeting=greeting, waiting=waiting, doors=doors)
    return render(
        request, "web/home.html", greeting=greeting,
        waiting=[pair for pair in waiting if pair[1]], done=[pair for pair in waiting if not pair[1]],
        groups=[group for group in menu_for(person, "") if group.clause],
    )  # fmt: skip


def _greeting() -> str:
    hour = timezone.localtime().hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s.")
    return _("Good afternoon, %(name)s.") if 12 <= hour < 18 else _("Good evening, %(name)s.")
