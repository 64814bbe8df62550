"""Makers with good defaults; each app's own makers stand in its tests' folder."""

from __future__ import annotations

from typing import Any, cast

from gnomon.organization.kinds import PERSON, TEAM
from gnomon.organization.models import Person, Team
from gnomon.records import actions
from gnomon.records.actors import SYSTEM


def a_person(title: str = "Robin Field", **facts: Any) -> Person:
    """Somebody, with a password when one is given."""
    password = facts.pop("password", None)
    person = cast(Person, actions.record(PERSON, by=SYSTEM, title=title, **facts))
    if password is not None:
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


def a_team(title: str = "Service desk", **facts: Any) -> Team:
    return cast(Team, actions.record(TEAM, by=SYSTEM, title=title, **facts))
