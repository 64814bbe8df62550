"""Roles made here and changed permissions: what administrators may decide, and what stays (5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.organization.models import ChangedPermission, Person, Role
from gnomon.organization.roles import (
    ADMINISTRATOR,
    CODES,
    EXTERNAL_AUDITOR,
    REQUESTER,
    base_of,
    known_codes,
)
from gnomon.records import actions
from gnomon.records.actors import is_system
from gnomon.records.definitions import IN_USE, moves_of
from gnomon.records.kinds import Change, Kind, kind_named
from gnomon.records.models import Record
from gnomon.records.permissions import VERBS
from gnomon.standard.plugs import Actor

FIXED = ("of_kind", "verb", "role")
NEVER_A_BASE = (ADMINISTRATOR, EXTERNAL_AUDITOR)
NOT_FOR_ROLES = ("system",)  # the system's own word, with which everything is permitted
ACCESS = ("person", "changed_permission")
READING = ("read", "export")


def stays(kind: Kind, verb: str, role: str) -> str:
    """Why nobody can change whether a role may do this; empty when administrators decide it.

    Rules about people, such as that nobody approves what they wrote, are no permissions and always hold.
    """
    base = base_of(role)
    if not kind.declared_holders(verb) and verb not in {move.name for move in moves_of(kind) if move.who}:
        return _("Nobody does this but the system.")
    if base == ADMINISTRATOR:
        return _("What administrators may do stays, so that nobody locks themselves out.")
    if base == EXTERNAL_AUDITOR:
        return _("What external auditors may do stays: they read, and change nothing.")
    if kind.name in ACCESS and verb not in READING:
        return _("Only administrators decide about access.")
    if base == REQUESTER and verb in ("read", "export", "import"):
        return _("Requesters see what is theirs. Reading all of it is for people who work here.")
    return ""


def prepare_permission(record: Record, change: Change) -> dict[str, Any]:
    """Without a title it is called by what it says."""
    assert isinstance(record, ChangedPermission)
    return {} if record.title else {"title": f"{record.role}: {record.of_kind}, {record.verb}"[:300]}


def check_permission(record: Record, change: Change) -> Mapping[str, str]:
    """It names a kind, a verb and a role that there are, within what administrators decide."""
    assert isinstance(record, ChangedPermission)
    says = _("This never changes. Change the other permission instead.")
    faults = {
        name: says
        for name in FIXED
        if not change.creates and name in change.facts and getattr(record, name) != change.old.get(name)
    }
    try:
        kind = kind_named(record.of_kind)
    except LookupError:
        return faults | {"of_kind": _("There is no kind of record called “%(name)s”.") % {"name": record.of_kind}}
    verbs = (*VERBS, *(move.name for move in moves_of(kind)))
    if record.verb not in verbs:
        told = {"name": record.verb, "known": ", ".join(verbs)}
        return faults | {"verb": _("There is no verb “%(name)s”. Verbs: %(known)s.") % told}
    if record.role not in known_codes():
        told = {"roles": record.role, "known": ", ".join(known_codes())}
        return faults | {"role": _("There is no role called %(roles)s. The roles are: %(known)s.") % told}
    if reason := stays(kind, record.verb, record.role):
        faults["allowed"] = reason
    if change.creates and _changed(kind, record.verb, record.role) is not None:
        faults["verb"] = _("This permission was changed already. Change that one.")
    return faults


def check_role(record: Record, change: Change) -> Mapping[str, str]:
    """A role that gives access stands in the place of one of the ten, for good, and is retired only when nobody has it."""
    assert isinstance(record, Role)
    faults: dict[str, str] = {}
    for name in ("code", "based_on"):
        if not change.creates and name in change.facts and getattr(record, name) != change.old.get(name):
            faults[name] = _("This never changes. Make another role instead.")
    if record.code in NOT_FOR_ROLES:
        faults["code"] = _("This word has a meaning of its own. Choose another code.")
    if not record.based_on:
        return faults
    if record.code in CODES or record.based_on not in CODES or record.based_on in NEVER_A_BASE:
        known = ", ".join(code for code in CODES if code not in NEVER_A_BASE)
        faults["based_on"] = _("A role of your own is based on one of these: %(known)s.") % {"known": known}
    elif change.creates and not (is_system(change.by) or ADMINISTRATOR in change.by.roles):
        faults["based_on"] = _("Only an administrator makes roles that give access.")
    if change.move is not None and record.status != IN_USE and Person.objects.holding(record.code).exists():
        faults["status"] = _("People hold this role. Take it from them first.")
    return faults


def _changed(kind: Kind, verb: str, role: str) -> ChangedPermission | None:
    return ChangedPermission.objects.filter(of_kind=kind.name, verb=verb, role=role).first()


@transaction.atomic
def permit(kind: Kind, verb: str, role: str, *, allowed: bool, by: Actor, because: str = "") -> bool:
    """Let a role do something, or no longer; answers whether anything was changed."""
    if (role in kind.holders(verb)) == allowed:
        return False
    stored = _changed(kind, verb, role)
    usual = base_of(role) in (kind.declared_holders(verb) if role in CODES else kind.holders(verb))
    if stored is None:
        changed = kind_named("changed_permission")
        actions.record(
            changed, by=by, because=because, of_kind=kind.name, verb=verb, role=role, allowed=allowed
        )  # fmt: skip
    elif allowed == usual and stored.status == IN_USE:
        actions.move(stored, "set_aside", by=by, because=because)
    else:
        if stored.status != IN_USE:
            actions.move(stored, "take_up", by=by, because=because)
        if stored.allowed != allowed:
            actions.change(stored, by=by, because=because, allowed=allowed)
    return True
