"""The doors of process mining: who may, and what is said where the extra is missing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns
from gnomon.evaluation.mining.patience import StillReading
from gnomon.ui.render import render

Page = Callable[..., HttpResponse]


def mining(module: str, name: str) -> Page:
    """A page of process mining, loaded with all that counts only when somebody opens it."""

    @login_required
    def page(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            require_columns()
        except ColumnsMissing as missing:
            return render(request, "evaluation/mining/missing.html", says=str(missing), status=503)
        answer: Page = getattr(import_module(f"gnomon.evaluation.views.{module}"), name)
        try:
            return answer(request, **place)
        except StillReading as still:
            return _reading(request, still)

    return page


def _reading(request: HttpRequest, still: StillReading) -> HttpResponse:
    """The page that says what is being done, and looks again by itself."""
    from gnomon.evaluation.views.mined_map import chosen_by
    from gnomon.evaluation.views.mined_map import page as frame

    here = request.resolver_match.url_name if request.resolver_match else "mining"
    return frame(
        request, chosen_by(request), "evaluation/mining/page.html", "evaluation/mining/_reading.html", here or "mining",
        seen_as=here != "mining-conformance", still=still, address=request.get_full_path(),
    )  # fmt: skip
