"""Keys with which programs acted as somebody who is forgotten, and their password."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.organization.models import AccessToken, Person
from gnomon.records.erasing import Forgetting, Forgotten


def revoke_keys(who: Forgotten) -> int:
    """No token and no password of theirs opens anything any more."""
    Person.objects.filter(number=who.person).update(password=make_password(None), last_login=None)
    tokens = AccessToken.objects.filter(person__number=who.person)
    revoked = tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    tokens.update(name="—", prefix="")
    return revoked


KEYS = Forgetting(_("Tokens and password"), revoke_keys)
