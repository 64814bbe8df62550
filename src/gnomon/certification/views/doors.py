"""Who may open the pages of certification, and which run they show."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries.conformity import moment_asked
from gnomon.certification.queries.stored import newest_run
from gnomon.records.permissions import may

View = TypeVar("View", bound=Callable[..., HttpResponse])


def for_readers(view: View) -> View:
    """A page for people who may read conformity; for all others it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(person_of(request), "read", CONFORMITY_RUN):
            raise Http404(_("There is nothing here."))
        return view(request, *args, **kwargs)

    return cast(View, login_required(guarded))


def person_of(request: HttpRequest) -> Any:
    """Whoever is signed in."""
    return request.user


def run_asked(request: HttpRequest, clause: str = "") -> ConformityRun | None:
    """The run named in the address, or the newest one at or before the day named there."""
    if number := request.GET.get("run"):
        run: ConformityRun = get_object_or_404(ConformityRun, number=number)
        return run
    if day := request.GET.get("as_of"):
        try:
            return newest_run(moment_asked(day), clause)
        except ValueError as wrong:
            raise Http404(str(wrong)) from wrong
    return newest_run(None, clause)


def run_kept(request: HttpRequest, run: ConformityRun | None) -> str:
    """What addresses of other pages end in, so that they go on showing the run that was asked for."""
    asked = run is not None and ("run" in request.GET or "as_of" in request.GET)
    return f"?run={run.number}" if run is not None and asked else ""
