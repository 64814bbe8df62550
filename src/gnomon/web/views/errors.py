"""Pages that say what went wrong and what to do next."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse

from gnomon.records.bodies import TOO_MUCH, says_too_much
from gnomon.ui.render import is_htmx, render, wanted
from gnomon.web.kept import KeptForm
from gnomon.web.views.sign_in import ask_to_sign_in, kept_page, sign_in_page


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits, since its page is older than the session: what was typed comes back."""
    kept = KeptForm.of(request)
    if not request.user.is_authenticated:
        if request.path == reverse("sign_in"):
            return sign_in_page(request, kept=kept, expired=True, status=HTTPStatus.FORBIDDEN)
        return ask_to_sign_in(request)
    if kept is None:
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN, back_url=request.path)
    page = kept_page(request, kept)
    page.status_code = HTTPStatus.FORBIDDEN
    return page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return too_large(request, exception)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    """A form that holds more than is read: what was too much and what to do; a page that htmx sent it from stays."""
    sentence, status = says_too_much(error), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if not is_htmx(request):
        return render(request, "413.html", status=status, sentence=sentence, back_url=came_from(request))
    return said_in_place(request, sentence, status)


def said_in_place(request: HttpRequest, sentence: str, status: HTTPStatus) -> HttpResponse:
    """A sentence alone, put by htmx where messages stand, above a dialog's own form; it swaps 409, 413 and 422 alone."""
    told = render(request, "web/_refusal.html", status=status, sentence=sentence)
    told.headers["HX-Retarget"] = "#dialog-says" if wanted(request) == "dialog-body" else "#messages"
    told.headers["HX-Reswap"] = "innerHTML show:top"
    return told


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, else where it was sent to."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    ours = referrer.netloc == request.get_host() and referrer.path.startswith("/")
    return urlunsplit(("", "", referrer.path, referrer.query, "")) if ours else request.path


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN, sentence=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Says that it is our fault; asks neither database nor session, which may be what broke."""
    return HttpResponse(loader.get_template("500.html").render(), status=HTTPStatus.INTERNAL_SERVER_ERROR)
