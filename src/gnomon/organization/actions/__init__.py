"""All that writes about people, teams and access."""

from gnomon.organization.actions.attempts import begin_attempt, forget_attempts, note_lock_out
from gnomon.organization.actions.people import (
    change_own_password,
    change_own_settings,
    create_person,
    give_password,
)
from gnomon.organization.actions.setup import prepare_organization, seed_calendars, seed_roles
from gnomon.organization.actions.teams import add_member, remove_member
from gnomon.organization.actions.tokens import make_token, revoke_token, rotate_token, use_token

__all__ = [
    "add_member",
    "begin_attempt",
    "change_own_password",
    "change_own_settings",
    "create_person",
    "forget_attempts",
    "give_password",
    "make_token",
    "note_lock_out",
    "prepare_organization",
    "remove_member",
    "revoke_token",
    "rotate_token",
    "seed_calendars",
    "seed_roles",
    "use_token",
]
