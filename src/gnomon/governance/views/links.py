"""Open a link that was sent to somebody: no sign-in, and no word about why one does not open."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gnomon.governance.links import open_link
from gnomon.ui.render import render

GUESSES, WITHIN = 30, 600


@login_not_required
@csrf_exempt  # the secret in the address is what permits; a cookie adds nothing, and some mail programs keep none
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sent_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link's purpose, in the language of the person it was sent to."""
    if _guesses(request) >= GUESSES:
        return _closed(request, HTTPStatus.TOO_MANY_REQUESTS)
    link = open_link(token)
    if link is None:
        cache.add(_place(request), 0, WITHIN)
        cache.incr(_place(request))
        return _closed(request, HTTPStatus.NOT_FOUND)
    with translation.override(link.person.language or translation.get_language()):
        answer = link.page.show(request, link)
    answer["Referrer-Policy"] = "no-referrer"  # the address is a key
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _closed(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    answer = render(request, "governance/link_closed.html", status=status)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _place(request: HttpRequest) -> str:
    return f"link-guesses/{request.META.get('REMOTE_ADDR', '')}"


def _guesses(request: HttpRequest) -> int:
    guesses: int = cache.get(_place(request), 0)
    return guesses
