"""Whose a token is, and whether a name is locked out."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gnomon.jobs.questions import Question
from gnomon.organization.actions.attempts import name_digest
from gnomon.organization.actions.tokens import BEGINS, digest_of
from gnomon.organization.models import AccessToken, Person, SignInFailures

_TOKEN = Question(
    lambda digest: AccessToken.objects.select_related("person").filter(revoked_at=None, digest=digest)[:1]
)


def locked_until(username: str) -> datetime | None:
    """Until when nobody can sign in under this name, or None."""
    failures = SignInFailures.objects.filter(name_digest=name_digest(username)).first()
    if failures is None or failures.locked_until is None or failures.locked_until <= timezone.now():
        return None
    return failures.locked_until


def token_of(text: str) -> AccessToken | None:
    """The valid token that this text is, with its person; None for any other text."""
    if not text.startswith(BEGINS):
        return None
    digest = digest_of(text)
    token = _TOKEN.first(digest=digest)
    if token is None:
        known = AccessToken.objects.select_related("person").filter(revoked_at=None)
        token = known.filter(former_digest=digest, former_until__gt=timezone.now()).first()
    if token is None or not token.person.is_active:
        return None
    if token.expires_at is not None and token.expires_at <= timezone.now():
        return None
    return token


def person_of_token(text: str) -> Person | None:
    """The person that a program with this token acts as."""
    token = token_of(text)
    return None if token is None else token.person
