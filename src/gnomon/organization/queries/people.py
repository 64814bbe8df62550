"""Who belongs where and answers for what."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

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
    joined = Participant.objects.filter(number=team.number, part=MEMBER).values("person")
    people: QuerySet[Person] = Person.objects.active().filter(Q(team=team) | Q(number__in=joined) | Q(leads=team))
    return people.distinct()


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
