"""What is done around a call of the API: less than around a page, and what goes wrong is told as problem details."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from gnomon.api.answers import PROBLEM, problem
from gnomon.api.limits import RATE_HEADERS, tell_rate
from gnomon.api.places import place_of

Answer = Callable[[HttpRequest], HttpResponse]


def straight_to_the_api(get_response: Answer) -> Answer:
    """Lead calls past what is for people with a browser alone: sessions, forms, messages, the addresses of pages."""
    called: Any = _called(get_response)
    for name in reversed(settings.API_MIDDLEWARE):
        called = convert_exception_to_response(import_string(name)(called))

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return get_response(request)
        request.user = AnonymousUser()  # until a token says who it is
        answered: HttpResponse = called(request)
        return answered

    return answer


def _called(get_response: Answer) -> Any:
    """Carry a call out; what is no address of ours is told as for any other."""

    def call(request: HttpRequest) -> HttpResponse:
        place = place_of(request.path_info)
        if place is None:
            return get_response(request)
        with timezone.override(None):  # threads serve one person after another
            answer: HttpResponse = place.view(request, **place.named)
            return answer

    return convert_exception_to_response(call)


def problems_as_json(get_response: Answer) -> Answer:
    """Turn pages that say what went wrong into what a program reads."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") and request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out, and nothing else differs
            response = get_response(request)
            request.method = "HEAD"
        else:
            response = get_response(request)
        if request.path.startswith("/api/"):
            tell_rate(request, response)
            patch_vary_headers(response, ("Authorization",))
        if not request.path.startswith("/api/") or response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        if response.headers.get("Content-Type") == PROBLEM:
            return response
        title, detail = _said(response)
        told = problem(response.status_code, title, detail)
        for name in ("Allow", *RATE_HEADERS):
            if name in response.headers:
                told[name] = response[name]
        patch_vary_headers(told, ("Authorization",))
        return told

    return answer


def _said(response: HttpResponse) -> tuple[str, str]:
    if response.status_code == HTTPStatus.NOT_FOUND:
        return _("Not found"), _("There is nothing at this address. /api/v1/openapi.json lists what there is.")
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = response.headers.get("Allow", "")
        return _("Not like this"), _("This address takes %(methods)s only.") % {"methods": allowed}
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _("Our fault"), _(
            "Something broke on our side, and it was noted. Try again; if it stays, tell the administrator."
        )
    return _("Refused"), _("The request cannot be taken as it was sent. Check its address, its size and its headers.")
