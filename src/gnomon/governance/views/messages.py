"""What I was told: the list behind the bell, and the bell itself."""

from __future__ import annotations

from django.contrib import messages as page_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gnomon.governance import notices
from gnomon.organization.sign_in import signed_in
from gnomon.ui.render import render

PAGE = 50


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first."""
    person = signed_in(request)
    before = _keys(request.GET.get("before", ""))
    receipts = notices.latest(person, before=before[0] if before else None, most=PAGE + 1)
    older = str(receipts[PAGE - 1].pk) if len(receipts) > PAGE else ""
    return render(request, "governance/messages.html", receipts=receipts[:PAGE], older=older)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one message, or all, as read."""
    key = request.POST.get("message", "")
    person = signed_in(request)
    count = notices.mark_read(person, _keys(key) if key else None)
    if "quiet" in request.POST:
        return HttpResponse(status=204)
    if not key:
        says = ngettext("%(n)d message is marked as read.", "%(n)d messages are marked as read.", count)
        page_messages.success(request, says % {"n": count})
    return redirect("messages")


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for live refresh; 304 while the count stands."""
    unread = notices.unread_count(signed_in(request))
    tag = f'"{unread}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = render(request, "governance/_bell.html", unread=unread)
    answer["ETag"] = tag
    return answer


def _keys(text: str) -> list[int]:
    """The key that an address or a form speaks of; none when it is not one."""
    return [int(text)] if text.isdecimal() and len(text) < 18 else []
