"""Who is meant by the people of a step, for one record at this moment (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gnomon.agreements.escalation.naming import ROLE
from gnomon.organization.models import Person, Team
from gnomon.organization.queries import members_of, people_holding
from gnomon.records.models import Record

WITHIN = frozenset({"assignee", "team"})


def people_for(record: Record, words: Iterable[str]) -> list[str]:
    """The numbers of the people meant, in order and each once; those who have left are not among them."""
    found: dict[str, None] = {}
    for word in words:
        found |= dict.fromkeys(_people(record, word))
    return list(found)


def goes_beyond(words: Iterable[str]) -> bool:
    """Whether somebody is meant beyond those who work on the record: then it is escalated to them."""
    return any(word not in WITHIN for word in words)


def _people(record: Record, word: str) -> list[str]:
    if word.startswith(ROLE):
        return _numbers(people_holding(word.removeprefix(ROLE)).order_by("id"))
    if word.startswith("TEAM-"):
        team = Team.objects.filter(number=word).first()
        return _numbers(members_of(team).order_by("id")) if team else []
    if word.startswith("PER-"):
        return _numbers(Person.objects.active().filter(number=word))
    return _aside(record, word)


def _aside(record: Any, word: str) -> list[str]:
    team, assignee = getattr(record, "team", None), getattr(record, "assignee", None)
    if word == "team":
        return _numbers(members_of(team).order_by("id")) if team else []
    own: Any = {
        "assignee": lambda: assignee,
        "assignee_lead": lambda: assignee.team.lead if assignee and assignee.team else None,
        "team_lead": lambda: team.lead if team else None,
        "service_owner": lambda: record.service.owner if getattr(record, "service", None) else None,
        "major_manager": lambda: getattr(record, "major_manager", None),
    }
    person = own[word]() if word in own else None
    return [person.number] if person is not None and person.is_active else []


def _numbers(people: Any) -> list[str]:
    return list(people.values_list("number", flat=True))
