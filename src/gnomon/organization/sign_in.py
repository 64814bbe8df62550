"""How people get in: by username and password, with a limit on guessing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from gnomon.organization.models import Person
from gnomon.organization.rules import username_of


class PasswordBackend(BaseBackend):
    """Username and password; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> Person | None:
        if not username or password is None:
            return None
        person: Person | None = Person.objects.filter(username=username_of(username)).first()
        if person is None or not person.has_usable_password():
            make_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        person: Person | None = Person.objects.filter(pk=user_id).first()
        return person if person is not None and person.is_active else None
