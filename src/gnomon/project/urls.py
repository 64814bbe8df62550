"""Addresses: the front door, each app's own pages, then the pages that follow from kinds."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict

# Where an app's addresses do not begin with its label.
_PLACES = {"gnomon.web": "", "gnomon.api": "api/v1/", "gnomon.records": ""}


class OpenedLater(URLResolver):
    """Addresses whose module is imported by the first request for one of them.

    The typed schemas of the API take seconds to build, which pages and commands should not wait for.
    """

    # `reverse` would import the module to learn names that no page links to.
    reverse_dict = MultiValueDict()
    namespace_dict: dict[str, tuple[str, URLResolver]] = {}
    app_dict: dict[str, list[str]] = {}

    def _populate(self) -> None:
        """Leave the names unknown."""


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
        (last if app.name == "gnomon.records" else found).append(
            OpenedLater(RoutePattern(place), module) if app.name == "gnomon.api" else path(place, include(module))
        )
    return found + last


urlpatterns = addresses()

handler400 = "gnomon.web.views.errors.bad_request"
handler403 = "gnomon.web.views.errors.forbidden"
handler404 = "gnomon.web.views.errors.not_found"
handler500 = "gnomon.web.views.errors.broken"
