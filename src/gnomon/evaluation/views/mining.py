"""The doors of process mining: who may, and what is said where the extra is missing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns
from gnomon.ui.render import render

Page = Callable[[HttpRequest], HttpResponse]


def mining(module: str, name: str) -> Page:
    """A page of process mining, loaded with all that counts only when somebody opens it."""

    @login_required
    def page(request: HttpRequest) -> HttpResponse:
        try:
            require_columns()
        except ColumnsMissing as missing:
            return render(request, "evaluation/mining/missing.html", says=str(missing), status=503)
        answer: Page = getattr(import_module(f"gnomon.evaluation.views.{module}"), name)
        return answer(request)

    return page
