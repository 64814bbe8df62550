"""Pages that say what went wrong and what to do next."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse

from gnomon.ui.render import render
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
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN, sentence=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Says that it is our fault; asks neither database nor session, which may be what broke."""
    return HttpResponse(loader.get_template("500.html").render(), status=HTTPStatus.INTERNAL_SERVER_ERROR)
