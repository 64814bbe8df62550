"""Who calls: the person that a token stands for."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from gnomon.organization.queries import teams_of
from gnomon.organization.token_api import MAKE, REVOKE, ROTATE, TOKENS
from gnomon.records.endpoints import Call, Endpoint


class Me(Schema):
    """The person that the token acts as."""

    number: str
    title: str
    username: str | None
    email: str
    language: str
    time_zone: str
    roles: list[str]
    teams: list[str]


def me(call: Call) -> dict[str, Any]:
    """Whoever calls, with their roles and teams."""
    person = call.person
    return {
        "number": person.number, "title": person.title, "username": person.username, "email": person.email,
        "language": person.language, "time_zone": person.time_zone, "roles": list(person.roles),
        "teams": [team.number for team in teams_of(person)],
    }  # fmt: skip


ME = Endpoint("me", "get", "me", me, "Who am I?", tells=Me, description="The person that the token acts as.")

__all__ = ["MAKE", "ME", "REVOKE", "ROTATE", "TOKENS"]
