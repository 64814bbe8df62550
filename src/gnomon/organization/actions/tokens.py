"""Keys with which programs act as a person; shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.organization.models import AccessToken, Person
from gnomon.organization.roles import ADMINISTRATOR
from gnomon.records import actions
from gnomon.records.actors import is_system
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.plugs import Actor

BEGINS = "gnomon_"
LIVES_FOR = timedelta(days=365)
SCOPES = tuple(AccessToken.Scope.values)
# `last_used_at` is for people who clear up; a write for each call would cost more than the call.
USE_NOTED_EVERY = timedelta(minutes=5)


def digest_of(text: str) -> str:
    """What is kept of a token: random bytes need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_token(
    person: Person, *, name: str, by: Actor, scopes: Sequence[str] = SCOPES, expires_at: datetime | None = None
) -> tuple[AccessToken, str]:
    """Make a token for a program; its text is the second answer and cannot be had again.

    It ends at `expires_at`, after a year when nothing is said.
    """
    _require_owner(person, by)
    now = timezone.now()
    expires_at = expires_at or now + LIVES_FOR
    name = name.strip()
    _check(person, name, scopes, expires_at, now)
    text = BEGINS + secrets.token_urlsafe(32)
    prefix = text[: len(BEGINS) + 6]
    with transaction.atomic():
        present: Person = Person.objects.select_for_update().get(pk=person.pk)
        made = AccessToken.objects.create(
            person=person, name=name, prefix=prefix, digest=digest_of(text), scopes=list(scopes),
            made_at=now, expires_at=expires_at,
        )  # fmt: skip
        actions.note(
            present, "token:made", by=by, name=[None, name], prefix=[None, prefix], scopes=[None, list(scopes)],
            expires_at=[None, expires_at],
        )  # fmt: skip
    person.version = present.version
    return made, text


@transaction.atomic
def revoke_token(token: AccessToken, *, by: Actor) -> AccessToken:
    """End a token at once; a second time changes nothing."""
    person: Person = Person.objects.select_for_update().get(pk=token.person_id)
    _require_owner(person, by)
    token.refresh_from_db()
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        actions.note(person, "token:revoked", by=by, name=[token.name, None], prefix=[token.prefix, None])
    return token


def use_token(token: AccessToken) -> None:
    """Remember that a token was used, at most every few minutes."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def _require_owner(person: Person, by: Actor) -> None:
    if by.number != person.number and not is_system(by) and ADMINISTRATOR not in by.roles:
        raise NotAllowed(
            _("Tokens of %(person)s are for %(person)s and administrators only.") % {"person": person.title}
        )


def _check(person: Person, name: str, scopes: Sequence[str], expires_at: datetime, now: datetime) -> None:
    faults: dict[str, str] = {}
    if not name:
        faults["name"] = _("Give the token a name that says which program uses it.")
    elif len(name) > 80:
        faults["name"] = _("The name of a token has at most 80 characters.")
    elif AccessToken.objects.filter(person=person, name=name, revoked_at=None).exists():
        faults["name"] = _("There is a token called “%(name)s” already. Revoke it first, or choose another name.") % {
            "name": name
        }
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        faults["scopes"] = _("A token has the scopes read, write or both.")
    if expires_at <= now:
        faults["expires_at"] = _("The token would have expired already. Give a later time.")
    if not person.is_active:
        faults["person"] = _("%(person)s cannot sign in, so a token would open nothing.") % {"person": person.title}
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
