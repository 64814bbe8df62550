"""Pages drawn without the rest of the house: no database, no session, only the interface."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

MENU = [
    {"clause": "", "title": "", "entries": [{"title": "My work", "url": "/work", "icon": "home"}]},
    {
        "clause": "8.6",
        "title": "Resolution",
        "entries": [{"title": "Samples", "url": "/resolution/samples/", "icon": "flame", "active": True}],
    },
]


urlpatterns: list[Any] = []


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the web app's context processor would give."""
    return {"menu": MENU, "person": {"name": "Bob Reed", "number": "PER-000002", "url": "/me"}}


@pytest.fixture
def own_templates(settings: Any) -> None:
    """Only the context processors that the interface itself needs."""
    settings.ROOT_URLCONF = "tests.ui.conftest"
    processors = [
        "django.template.context_processors.request",
        "gnomon.ui.preferences.look",
        "tests.ui.conftest.frame",
    ]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": processors, "string_if_invalid": ""},
        }
    ]


@pytest.fixture
def asked(own_templates: None) -> Any:
    """A request as a browser, or with headers as htmx, would make it."""

    def ask(path: str = "/samples/", **headers: str) -> HttpRequest:
        return RequestFactory().get(path, headers=headers)

    return ask
