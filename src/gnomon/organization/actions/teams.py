"""Who belongs to a team besides those whose first team it is."""

from __future__ import annotations

from gnomon.organization.models import Person, Team
from gnomon.records import actions
from gnomon.standard.plugs import Actor

MEMBER = "member"


def add_member(team: Team, person: Person, *, by: Actor) -> None:
    """Let a person work in a team that is not their first."""
    actions.join(team, person, MEMBER, by=by)


def remove_member(team: Team, person: Person, *, by: Actor) -> None:
    """End a person's work in a team that is not their first."""
    actions.leave(team, person, MEMBER, by=by)
