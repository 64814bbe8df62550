"""What happens around every page: language, time zone, sign-in, refusals, content policy."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from gnomon.records.refusals import Refused
from gnomon.web.refusals import refused_page
from gnomon.web.views.errors import bad_request, not_found
from gnomon.web.views.sign_in import ask_to_sign_in

Answer = Callable[[HttpRequest], HttpResponse]

# Charts and clocks are drawn with attributes and classes, so that not even styles need an exception.
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    )
)  # fmt: skip


def compressed_pages(get_response: Answer) -> Answer:
    """Pages travel compressed, with padding against guesses by length (BREACH).

    Parts that a page asks for again and again are left as they are: their tags name bytes, and they are short.
    """
    compress = GZipMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if page and "HX-Request" not in request.headers:
            return cast(HttpResponse, compress.process_response(request, response))
        return response

    return answer


def person_language(get_response: Answer) -> Answer:
    """The language of a page before we know who asks: the cookie's, else the browser's."""

    def answer(request: HttpRequest) -> HttpResponse:
        translation.activate(language_of(request))
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answer


def language_of(request: HttpRequest) -> str:
    """What this browser chose, else the first of its languages that we speak."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        return chosen
    for asked in _asked(request.headers.get("Accept-Language", "")):
        if asked in known:
            return asked
        # All that is written in Chinese is nearer to a Chinese reader than English is.
        near = next((code for code in known if code.split("-")[0] == asked.split("-")[0]), "")
        if near:
            return near
    return settings.LANGUAGE_CODE


def _asked(header: str) -> list[str]:
    weighed = []
    for part in header.lower().split(",")[:20]:
        language, _sign, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), language))
        except ValueError:
            continue
    return [language for weight, language in sorted(weighed, key=lambda pair: -pair[0]) if language and weight > 0]


def person_settings(get_response: Answer) -> Answer:
    """The language and time zone of the person who asks, when they have chosen them."""

    def answer(request: HttpRequest) -> HttpResponse:
        # The person themself, not Django's stand-in for one: actions ask for the kind of what they are given.
        person = request.user = get_user(request)
        zone = None
        if person.is_authenticated:
            if person.language:
                translation.activate(person.language)
            zone = ZoneInfo(person.time_zone) if person.time_zone else None
        # Threads serve one person after another: what the last one chose must not stay.
        with timezone.override(zone):
            return get_response(request)

    return answer


def sign_in_required(get_response: Answer) -> Answer:
    """Every page is for people who are signed in, save those that say otherwise; the API has keys of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def before_view(
        request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _named: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or request.path.startswith("/api/"):
            return None
        return None if request.user.is_authenticated else ask_to_sign_in(request)

    answer.process_view = before_view  # type: ignore[attr-defined]  # Django looks for it on what a middleware answers
    return answer


def refusals_as_pages(get_response: Answer) -> Answer:
    """A refusal that a view does not answer itself becomes a page with its sentence."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def on_refusal(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused_page(request, exception) if isinstance(exception, Refused) else None

    answer.process_exception = on_refusal  # type: ignore[attr-defined]  # as above
    return answer


def content_policy(get_response: Answer) -> Answer:
    """Pages load nothing from other places and run no script that stands in the page."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if request.user.is_authenticated and response.status_code != HTTPStatus.NOT_MODIFIED:
            # Shared computers: the back button after signing out must not show what was there.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def no_nul(get_response: Answer) -> Answer:
    """Middleware: no text of ours holds the sign NUL, and PostgreSQL cannot even be asked for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return not_found(request)
        # Lists by REST name the parameter that is wrong.
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path_info.startswith("/api/"):
            return bad_request(request)
        return get_response(request)

    return answer
