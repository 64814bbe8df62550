"""The commands of the palette, asked for when somebody opens it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from gnomon.organization.sign_in import signed_in
from gnomon.web.commands import commands_for


@require_GET
def palette(request: HttpRequest) -> JsonResponse:
    """What this person can do from the page at `at`."""
    return JsonResponse({"commands": commands_for(signed_in(request), request.GET.get("at", "/")[:400])})
