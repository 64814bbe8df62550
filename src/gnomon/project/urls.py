"""Addresses: the front door, each app's own pages, then the pages that follow from kinds.

Those of the API are found by `gnomon.api.places`, before this table is asked.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

# Where an app's addresses do not begin with its label.
_PLACES = {"gnomon.web": "", "gnomon.records": ""}


def addresses() -> list[URLPattern | URLResolver]:
    """The `urls.py` of every installed app that has one, under /<label>/; generic record pages come last."""
    found: list[URLPattern | URLResolver] = []
    last: list[URLPattern | URLResolver] = []
    for app in apps.get_app_configs():
        module = f"{app.name}.urls"
        if app.name.startswith("django.") or app.name == "gnomon.project" or find_spec(module) is None:
            continue
        place = _PLACES.get(app.name, f"{app.label}/")
        # An app's own page wins over the generic page at the same address, because the first match is taken.
        (last if app.name == "gnomon.records" else found).append(path(place, include(module)))
    return found + last


urlpatterns = addresses()

handler400 = "gnomon.web.views.errors.bad_request"
handler403 = "gnomon.web.views.errors.forbidden"
handler404 = "gnomon.web.views.errors.not_found"
handler500 = "gnomon.web.views.errors.broken"
