"""The living style page: every component on sample values."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gnomon.ui.render import render
from gnomon.ui.samples import samples


def style(request: HttpRequest) -> HttpResponse:
    """What everything looks like, for whoever builds a page."""
    return render(request, "ui/style.html", **samples(timezone.now()))
