"""Answer with a page, or with only the part of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers

HTMX_VARIES = ("HX-Request", "HX-Target")
Answer = Callable[[HttpRequest], HttpResponse]


def render(
    request: HttpRequest,
    template: str,
    /,
    *,
    partials: Mapping[str, str] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page `template`, or the partial whose target element htmx names.

    `partials` maps the id of an element to the template of its content: `{"rows": "ui/_record_rows.html"}`.
    Whoever asks without htmx, or for an element that is not listed, gets the whole page.
    """
    chosen = (partials or {}).get(wanted(request), template)
    answer = render_template(request, chosen, context, status=status)
    # A cache that ignored these would hand a fragment to somebody who opens the page.
    patch_vary_headers(answer, HTMX_VARIES)
    return answer


def wanted(request: HttpRequest) -> str:
    """The id of the element that htmx will fill, empty when a whole page is asked for."""
    if not is_htmx(request) or "HX-Boosted" in request.headers:
        return ""
    if request.headers.get("HX-History-Restore-Request") == "true":
        return ""
    return request.headers.get("HX-Target", "")


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks, rather than the browser itself."""
    return request.headers.get("HX-Request") == "true"


def redirects_for_htmx(get_response: Answer) -> Answer:
    """Middleware: let a redirect lead the browser, where htmx would put the next page into a fragment."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code not in (301, 302, 303) or not wanted(request):
            return response
        led = HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        led.cookies = response.cookies
        return led

    return answer
