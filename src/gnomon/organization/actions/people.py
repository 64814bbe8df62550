"""Bringing people in, and what they may change about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.organization.kinds import PERSON
from gnomon.organization.models import Person
from gnomon.organization.roles import ADMINISTRATOR
from gnomon.organization.rules import username_of
from gnomon.records import actions
from gnomon.records.actors import is_system
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.plugs import Actor


@dataclass(frozen=True, slots=True)
class OwnAffairs:
    """A person who changes what belongs to themself alone, whatever their roles."""

    number: str
    roles: tuple[str, ...] = ("system",)


def create_person(
    *, by: Actor, title: str, username: str = "", password: str | None = None, roles: Sequence[str] = (), **facts: Any
) -> Person:
    """Bring a person in, with roles and, if given, a password that keeps to the policy (5.3)."""
    username = username_of(username)
    kept = (
        ""
        if password is None
        else _kept(password, Person(title=title, username=username, email=facts.get("email", "")))
    )
    with transaction.atomic():
        person = cast(
            Person, actions.record(PERSON, by=by, title=title, username=username or None, roles=list(roles), **facts)
        )
        if kept:
            Person.objects.filter(pk=person.pk).update(password=kept)
            person.password = kept
    return person


def give_password(person: Person, password: str, *, by: Actor) -> Person:
    """Give a person a new password, as an administrator does for somebody who forgot theirs."""
    if not (is_system(by) or ADMINISTRATOR in by.roles):
        raise NotAllowed(_("Only an administrator gives passwords to others. Change your own in your settings."))
    return _change_password(person, password, by=by)


def change_own_password(person: Person, present: str, password: str) -> Person:
    """Change one's own password, knowing the present one."""
    if not person.check_password(present):
        says = _("The present password is not right.")
        raise InvalidFacts(says, {"present": says})
    return _change_password(person, password, by=person)


def change_own_settings(person: Person, **facts: Any) -> Person:
    """Change one's own language, time zone or telephone."""
    foreign = facts.keys() - {"language", "time_zone", "phone"}
    if foreign:
        raise NotAllowed(
            _("Only an administrator changes %(fields)s of a person.") % {"fields": ", ".join(sorted(foreign))}
        )
    return cast(Person, actions.change(person, by=OwnAffairs(person.number), **facts))


def _change_password(person: Person, password: str, *, by: Actor) -> Person:
    kept = _kept(password, person)
    with transaction.atomic():
        present: Person = Person.objects.select_for_update().get(pk=person.pk)
        Person.objects.filter(pk=person.pk).update(password=kept)
        actions.note(present, "password:changed", by=by)
    person.password, person.version = kept, present.version
    return person


def _kept(password: str, person: Person) -> str:
    """The hash of an acceptable password; made outside of any transaction, since hashing takes long on purpose."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        says = " ".join(error.messages)
        raise InvalidFacts(says, {"password": says}) from error
    return make_password(password)
