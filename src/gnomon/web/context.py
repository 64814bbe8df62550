"""What the frame of every page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from gnomon.governance.notices import unread_count
from gnomon.standard.plugs import Actor
from gnomon.ui.preferences import look
from gnomon.web.menu_groups import menu_for


@dataclass(frozen=True, slots=True)
class FramePerson:
    """Whoever is signed in, as the frame shows them."""

    name: str = ""
    number: str = ""
    url: str = ""
    is_authenticated: bool = False


@dataclass(frozen=True, slots=True)
class Bell:
    """How many messages wait for somebody; counted only where the bell is drawn."""

    person: Actor
    template: str = "governance/_bell.html"

    @property
    def url(self) -> str:
        return reverse("messages-bell")

    @property
    def unread(self) -> int:
        return unread_count(self.person)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: menu, bell, person, theme and density."""
    chosen: dict[str, Any] = dict(look(request))
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return chosen | {"menu": [], "person": FramePerson()}
    person = FramePerson(user.title, user.number, reverse("own_settings"), is_authenticated=True)
    # Parts of pages, which refresh every few seconds, show no menu.
    menu = SimpleLazyObject(lambda: menu_for(user, request.path))
    return chosen | {"menu": menu, "bell": Bell(user), "person": person}
