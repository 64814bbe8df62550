"""Names behind the numbers of people, for showing who did what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from gnomon.jobs.questions import Question
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

_NAME = Question(lambda number: get_user_model()._default_manager.filter(number=number).values_list("number", "title"))


def names_of(numbers: Iterable[str]) -> dict[str, str]:
    """Number → name, in one query; unknown numbers stand for themselves."""
    wanted = set(numbers)
    if len(wanted) == 1:
        people = dict(_NAME.all(number=next(iter(wanted))))
    else:
        people = dict(get_user_model()._default_manager.filter(number__in=wanted).values_list("number", "title"))
    return {number: _("System") if number == "system" else people.get(number, number) for number in wanted}


def usernames_of(numbers: Iterable[str]) -> dict[str, str]:
    """Number → username, of those who have one; nothing is asked about nobody."""
    wanted = set(numbers)
    people = get_user_model()._default_manager.filter(number__in=wanted) if wanted else ()
    return {person.number: person.username for person in people if person.username}


def person_numbered(number: str) -> Actor | None:
    """The person with this number, or None."""
    if fault_of(number):
        return None  # PostgreSQL cannot even be asked
    return cast(Actor | None, get_user_model()._default_manager.filter(number=number).first())
