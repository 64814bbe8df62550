"""Who belongs where and answers for what."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gnomon.jobs.questions import Question
from gnomon.organization.actions.teams import MEMBER
from gnomon.organization.models import Person, Responsibility, Team
from gnomon.records.models import Participant
from gnomon.standard.plugs import Actor


def teams_of(person: Actor) -> QuerySet[Team]:
    """The teams in which a person works: the first and the others, and those that they lead."""
    joined = Participant.objects.filter(person=person.number, kind="team", part=MEMBER).values("number")
    mine = Q(people__number=person.number) | Q(lead__number=person.number) | Q(number__in=joined)
    teams: QuerySet[Team] = Team.objects.filter(mine, status="active").distinct()
    return teams


def members_of(team: Team) -> QuerySet[Person]:
    """The people who work in a team."""
    people: QuerySet[Person] = _working_in(team, team.number).active()
    return people


def numbers_of_members(team: Team) -> list[str]:
    """Their numbers, for what asks time and again."""
    return [person.number for person in _WORKING.all(team=team.pk, number=team.number) if person.is_active]


def _working_in(team: Any, number: Any) -> Any:
    """Whoever works in a team, whether or not they are still here."""
    joined = Participant.objects.filter(number=number, part=MEMBER).values("person")
    return Person.objects.filter(Q(team=team) | Q(number__in=joined) | Q(leads=team)).distinct()


# Who is active is asked of each of them: a question is worded once, and would go by the day of then for ever.
_WORKING: Question[Person] = Question(lambda team, number: _working_in(team, number).order_by("id"))


def people_holding(role: str) -> QuerySet[Person]:
    """The people who hold a role today."""
    people: QuerySet[Person] = Person.objects.active().holding(role)
    return people


def responsible_for(clause: str) -> QuerySet[Responsibility]:
    """The responsibilities held today for a clause, or for one above it: 8.6.1 is answered for by who holds 8.6 too."""
    parts = clause.split(".")
    above = [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    today = timezone.localdate()
    held: QuerySet[Responsibility] = Responsibility.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), clause__in=above, since__lte=today, status="held"
    )
    return held.select_related("person", "role")
