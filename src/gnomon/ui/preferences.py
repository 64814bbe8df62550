"""How a person likes the interface to look, kept in cookies so that it holds before sign-in too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

CHOICES: Final = {
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
}
_YEAR = 365 * 24 * 60 * 60


def look(request: HttpRequest) -> dict[str, str]:
    """Context processor: `theme` and `density`, each the first choice unless a cookie says otherwise."""
    return {name: chosen(request, name) for name in CHOICES}


def chosen(request: HttpRequest, name: str) -> str:
    """What this browser chose; a value we do not know counts as no choice."""
    value = request.COOKIES.get(name, "")
    return value if value in CHOICES[name] else CHOICES[name][0]


def remember_look(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `?theme=dark` on any page stores the choice and shows the page again without it."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = {name: request.GET[name] for name in CHOICES if request.GET.get(name) in CHOICES[name]}
        if request.method != "GET" or not asked:
            return get_response(request)
        kept = request.GET.copy()
        for name in asked:
            del kept[name]
        to = f"{request.path}?{kept.urlencode()}" if kept else request.path
        # A path such as //evil.example would be read by browsers as another host.
        response = HttpResponseRedirect(to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else "/")
        for name, value in asked.items():
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
        return response

    return answer
