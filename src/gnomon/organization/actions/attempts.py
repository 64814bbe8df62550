"""Counting attempts to sign in, so that passwords cannot be guessed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gnomon.organization.models import Person, SignInFailures
from gnomon.organization.rules import username_of
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

FORGOTTEN_AFTER = timedelta(days=1)


def name_digest(username: str) -> str:
    """What stands for a username in the table of failures."""
    return hashlib.sha256(username_of(username).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whether a password may be looked at, and whether a wrong one locks the name out."""

    allowed: bool
    last: bool = False


@transaction.atomic
def begin_attempt(username: str) -> Attempt:
    """Count an attempt before its password is looked at.

    Counting first matters: a hundred guesses sent at once would otherwise all be looked at.
    """
    now = timezone.now()
    failures, _made = SignInFailures.objects.select_for_update().get_or_create(
        name_digest=name_digest(username), defaults={"last_at": now}
    )
    if failures.locked_until is not None and failures.locked_until > now:
        return Attempt(allowed=False)
    if failures.locked_until is not None or failures.last_at <= now - settings.LOCK_OUT_FOR:
        failures.count, failures.locked_until = 0, None
    failures.count += 1
    failures.last_at = now
    if failures.count >= settings.LOCK_OUT_AFTER:
        failures.locked_until = now + settings.LOCK_OUT_FOR
    failures.save()
    SignInFailures.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    return Attempt(allowed=True, last=failures.locked_until is not None)


def forget_attempts(username: str) -> None:
    """Whoever knows the password starts again from nothing."""
    SignInFailures.objects.filter(name_digest=name_digest(username)).delete()


@transaction.atomic
def note_lock_out(username: str) -> None:
    """Write down in the ledger that a person was locked out."""
    person = Person.objects.select_for_update().filter(username=username_of(username)).first()
    if person is not None:
        actions.note(person, "locked_out", by=SYSTEM, until=[None, timezone.now() + settings.LOCK_OUT_FOR])
