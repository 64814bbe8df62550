"""How people get in: by username and password, with a limit on guessing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from gnomon.organization import actions
from gnomon.organization.models import Person
from gnomon.organization.rules import username_of


class PasswordBackend(BaseBackend):
    """Username and password; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> Person | None:
        """The person whose name and password these are, unless the name is locked out."""
        if not username or password is None:
            return None
        attempt = actions.begin_attempt(username)
        if not attempt.allowed:
            return None
        person: Person | None = Person.objects.filter(username=username_of(username)).first()
        if person is None:
            make_password(password)
        elif person.check_password(password) and person.is_active:
            actions.forget_attempts(username)
            return person
        if attempt.last:
            actions.note_lock_out(username)
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; whoever has left is signed out with the next page."""
        person: Person | None = Person.objects.filter(pk=user_id).first()
        return person if person is not None and person.is_active else None


def signed_in(request: HttpRequest) -> Person:
    """Who asks for a page that only signed-in people reach."""
    person = request.user
    assert person.is_authenticated, "A page for signed-in people was opened to others; see sign_in_required."
    return person
