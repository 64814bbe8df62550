"""The channels of this installation: whether they are at work, what waits, what failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages as page_messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gnomon.governance.channels import Channel, channels
from gnomon.governance.models import Sending
from gnomon.governance.notices import TRIED, tell
from gnomon.organization.models import Person
from gnomon.organization.roles import ADMINISTRATOR, SMS_MANAGER
from gnomon.organization.sign_in import signed_in
from gnomon.ui.render import render

SHOWN = 50
TROUBLED = (Sending.State.FAILED, Sending.State.UNSURE)
DAY = timedelta(days=1)


@require_safe
def channels_page(request: HttpRequest) -> HttpResponse:
    """For administrators: each channel, and the last messages that did not arrive for certain."""
    _administrator(request)
    troubled = Sending.objects.filter(state__in=TROUBLED).select_related("receipt__message").order_by("-id")[:SHOWN]
    return render(
        request, "governance/channels.html", channels=[_shown(channel) for channel in channels()], troubled=troubled
    )


@require_POST
def try_channels(request: HttpRequest) -> HttpResponse:
    """Send a message to oneself by every channel that is at work."""
    person = _administrator(request)
    tell(
        [person.number], TRIED, about=None, url=TRIED.url,
        cause=f"try/{person.number}/{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
    )  # fmt: skip
    page_messages.success(
        request, _("A message to you is on its way. It stands behind the bell, and here if it fails.")
    )
    return redirect("channels")


def _administrator(request: HttpRequest) -> Person:
    person = signed_in(request)
    if not person.holds(ADMINISTRATOR, SMS_MANAGER):
        raise Http404(_("There is no such page."))
    return person


def _shown(channel: Channel) -> dict[str, Any]:
    lately = Sending.objects.filter(channel=channel.name, due_at__gt=datetime.now(UTC) - DAY).order_by()
    counts = dict(lately.values_list("state").annotate(count=Count("pk")))
    known = [(Sending.State(state).label, counts[state]) for state in Sending.State.values if state in counts]
    return {"title": channel.title, "off": channel.off(), "counts": known}
