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
from gnomon.organization.scopes import in_full, unknown_scopes
from gnomon.records import actions
from gnomon.records.actors import is_system
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.plugs import Actor

BEGINS = "gnomon_"
LIVES_FOR = timedelta(days=365)
SCOPES = ("*:read", "*:write")
OVERLAP = timedelta(hours=1)
MOST_CALLS = 10_000_000
# `last_used_at` is for people who clear up; a write for each call would cost more than the call.
USE_NOTED_EVERY = timedelta(minutes=5)


def digest_of(text: str) -> str:
    """What is kept of a token: random bytes need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_token(
    person: Person, *, name: str, by: Actor, scopes: Sequence[str] = SCOPES, expires_at: datetime | None = None,
    calls_per_minute: int | None = None,
) -> tuple[AccessToken, str]:  # fmt: skip
    """Make a token for a program; its text is the second answer and cannot be had again.

    It ends at `expires_at`, after a year when nothing is said.
    """
    _require_owner(person, by)
    now = timezone.now()
    expires_at = expires_at or now + LIVES_FOR
    name = name.strip()
    _check(person, name, scopes, expires_at, now, calls_per_minute)
    scopes = in_full(scopes)
    text, prefix = _new_text()
    with transaction.atomic():
        present: Person = Person.objects.select_for_update().get(pk=person.pk)
        made = AccessToken.objects.create(
            person=person, name=name, prefix=prefix, digest=digest_of(text), scopes=scopes,
            made_at=now, expires_at=expires_at, calls_per_minute=calls_per_minute,
        )  # fmt: skip
        actions.note(
            present, "token:made", by=by, name=[None, name], prefix=[None, prefix], scopes=[None, scopes],
            expires_at=[None, expires_at], calls_per_minute=[None, calls_per_minute],
        )  # fmt: skip
    person.version = present.version
    return made, text


@transaction.atomic
def rotate_token(token: AccessToken, *, by: Actor, overlap: timedelta = OVERLAP) -> tuple[AccessToken, str]:
    """Give a token a new text and as long a life again; the old text is good for `overlap` more."""
    person: Person = Person.objects.select_for_update().get(pk=token.person_id)
    _require_owner(person, by)
    token.refresh_from_db()
    if token.revoked_at is not None:
        raise InvalidFacts(_("The token “%(name)s” was revoked. Make a new one.") % {"name": token.name}, {})
    now = timezone.now()
    text, prefix = _new_text()
    actions.note(person, "token:rotated", by=by, name=[token.name, token.name], prefix=[token.prefix, prefix])
    ends = token.expires_at or now + LIVES_FOR
    token.former_digest, token.former_until = token.digest, min(now + overlap, ends)
    token.expires_at = now + (ends - token.made_at)
    token.digest, token.prefix, token.made_at = digest_of(text), prefix, now
    token.save(update_fields=["former_digest", "former_until", "digest", "prefix", "made_at", "expires_at"])
    return token, text


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


def _new_text() -> tuple[str, str]:
    """A text that nobody can guess, and the beginning by which people know it again."""
    text = BEGINS + secrets.token_urlsafe(32)
    return text, text[: len(BEGINS) + 6]


def _require_owner(person: Person, by: Actor) -> None:
    if by.number != person.number and not is_system(by) and ADMINISTRATOR not in by.roles:
        raise NotAllowed(
            _("Tokens of %(person)s are for %(person)s and administrators only.") % {"person": person.title}
        )


def _check(
    person: Person, name: str, scopes: Sequence[str], expires_at: datetime, now: datetime, calls: int | None
) -> None:
    faults: dict[str, str] = {}
    if not name:
        faults["name"] = _("Give the token a name that says which program uses it.")
    elif len(name) > 80:
        faults["name"] = _("The name of a token has at most 80 characters.")
    elif AccessToken.objects.filter(person=person, name=name, revoked_at=None).exists():
        faults["name"] = _("There is a token called “%(name)s” already. Revoke it first, or choose another name.") % {
            "name": name
        }
    unknown = unknown_scopes(scopes)
    if unknown:
        says = _("There is no scope “%(scope)s”. Scopes are *:read, *:write, admin, or of a kind, as %(example)s.")
        faults["scopes"] = says % {"scope": unknown[0][:80], "example": "incident:read"}
    elif not scopes:
        faults["scopes"] = _("Say what the token may do, as *:read.")
    if calls is not None and not 1 <= calls <= MOST_CALLS:
        faults["calls_per_minute"] = _("Give a number of calls from 1 to %(most)d.") % {"most": MOST_CALLS}
    if expires_at <= now:
        faults["expires_at"] = _("The token would have expired already. Give a later time.")
    if not person.is_active:
        faults["person"] = _("%(person)s cannot sign in, so a token would open nothing.") % {"person": person.title}
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
