"""Choices of a browser that hold before sign-in too, and small public addresses."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_POST

from gnomon.organization.actions import change_own_settings
from gnomon.web.kept import KeptForm
from gnomon.web.views.sign_in import is_ours, sign_in_page

A_YEAR = 365 * 24 * 60 * 60


@require_POST
@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Show everything in another language, from this page on; a signed-in person keeps it everywhere."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    translation.activate(language)
    person = request.user
    kept = KeptForm.read(request.POST.get("kept", ""))
    response = sign_in_page(request, kept=kept) if kept else redirect(_back(request))
    if person.is_authenticated and person.language != language:
        change_own_settings(person, language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look without being told."""
    return redirect(static("ui/favicon.svg"), permanent=True)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if is_ours(request, wanted) else "/"
