"""Addresses of the front door."""

from __future__ import annotations

from django.urls import path

from gnomon.governance.views.links import sent_link
from gnomon.resolution.urls import portal_patterns
from gnomon.web.views import administration, health, home, palette, preferences, search, sign_in, style

urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("search/suggestions", search.suggestions, name="search_suggestions"),
    path("palette", palette.palette, name="palette"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("settings/language", preferences.set_language, name="set_language"),
    path("l/<str:token>", sent_link, name="sent-link"),
    *portal_patterns,
    path("healthz", health.healthz, name="healthz"),
    path("administration/", administration.administration, name="administration"),
    path("administration/history", administration.history, name="configuration-history"),
    path("administration/configuration", administration.configuration, name="configuration"),
    path("administration/configuration.yaml", administration.export_configuration, name="configuration-export"),
    path("style", style.style, name="style"),
    path("favicon.ico", preferences.favicon, name="favicon"),
]
