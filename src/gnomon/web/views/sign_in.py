"""Signing in and out; a form sent without a session comes back once its writer is known."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gnomon.organization.queries import locked_until
from gnomon.ui.render import is_htmx, render
from gnomon.web.kept import KeptForm


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Username and password; the answer never tells whether a name exists."""
    if request.method != "POST":
        return redirect(_next(request)) if request.user.is_authenticated else sign_in_page(request)
    kept = KeptForm.read(request.POST.get("kept", ""))
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    if not locked_until(username):
        person = authenticate(request, username=username, password=password)
        if person is not None:
            login(request, person)  # gives the session a new key, so that one planted beforehand opens nothing
            return kept_page(request, kept) if kept else redirect(_next(request))
    return sign_in_page(request, kept=kept, wrong=_wrong(username), status=HTTPStatus.UNAUTHORIZED)


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by POST, so that no link or image can do it."""
    logout(request)
    return redirect("sign_in")


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer a request without a session; what was typed is kept."""
    if request.method in ("GET", "HEAD"):
        if is_htmx(request) and "HX-Boosted" not in request.headers:
            # A part that refreshes itself must not take the page away from somebody who is writing in it.
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")
    kept = KeptForm.of(request)
    page = sign_in_page(request, kept=kept, expired=True, status=HTTPStatus.UNAUTHORIZED)
    if is_htmx(request):
        # htmx shows only answers that went well, and this one has to take the whole page.
        page.status_code = HTTPStatus.OK
        page.headers["HX-Retarget"], page.headers["HX-Reswap"] = "body", "innerHTML"
    return page


@never_cache
def sign_in_page(
    request: HttpRequest, *, kept: KeptForm | None = None, wrong: str = "", expired: bool = False, status: int = 200
) -> HttpResponse:
    """The page that asks for username and password."""
    return render(
        request, "web/sign_in.html", status=status, kept=kept, kept_text=kept.written() if kept else "", wrong=wrong,
        expired=expired, next=_next(request), username=request.POST.get("username", "") if wrong else "",
        languages=settings.LANGUAGES,
    )  # fmt: skip


@never_cache
def kept_page(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """What was typed, ready to be sent once more to where it was going."""
    return render(request, "web/kept.html", kept=kept)


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: only to pages of this house."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else settings.LOGIN_REDIRECT_URL


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address is a page of this house, from its root: a bare word would be taken for the name of a page."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _wrong(username: str) -> str:
    until = locked_until(username)
    if until is None:
        return _("Username or password is not right. Try again, or ask an administrator for a new password.")
    minutes = max(1, -(-(until - timezone.now()) // timedelta(minutes=1)))
    return ngettext(
        "There were too many attempts under this name. Wait %(n)d minute, then try again.",
        "There were too many attempts under this name. Wait %(n)d minutes, then try again.",
        minutes,
    ) % {"n": minutes}
