"""People of a step by the words that people write for them, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.agreements.escalation.steps import ASIDES
from gnomon.organization.models import Person, Team
from gnomon.organization.roles import CODES, ROLES, role_title

ROLE = "role:"
_NUMBER = re.compile(r"(PER|TEAM)-\d+", re.IGNORECASE)
_BETWEEN = re.compile(r"[,，、;；\n]")


def aside_title(name: str) -> str:
    """What somebody is called by what they are to the record."""
    titles = {
        "assignee": pgettext("escalation", "assignee"),
        "assignee_lead": pgettext("escalation", "assignee's lead"),
        "team": pgettext("escalation", "team"),
        "team_lead": pgettext("escalation", "team's lead"),
        "service_owner": pgettext("escalation", "service owner"),
        "major_manager": pgettext("escalation", "major incident manager"),
    }
    return titles[name]


def titles_of(tokens: Iterable[str]) -> dict[str, str]:
    """Token → name, with one query for people and one for teams."""
    wanted = set(tokens)
    found = {name: aside_title(name) for name in wanted & set(ASIDES)}
    found |= {token: role_title(token.removeprefix(ROLE)) for token in wanted if token.startswith(ROLE)}
    found |= _titles(Person, {token for token in wanted if token.startswith("PER-")})
    found |= _titles(Team, {token for token in wanted if token.startswith("TEAM-")})
    return {token: found.get(token, token) for token in wanted}


def _titles(model: type[Person] | type[Team], numbers: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(number__in=numbers).values_list("number", "title")) if numbers else {}


def written(tokens: Iterable[str]) -> str:
    """Tokens as a form shows them: words, and numbers with their names."""
    listed = list(tokens)
    titles = titles_of(listed)
    return ", ".join(f"{token} {titles[token]}" if _NUMBER.match(token) else titles[token] for token in listed)


def read(text: str) -> list[str]:
    """Tokens out of words; ValueError with a sentence about the first that nobody is known by."""
    words = _asides_and_roles()
    return [_token(part.strip(), words) for part in _BETWEEN.split(text) if part.strip()]


def _asides_and_roles() -> Mapping[str, str]:
    words = {name.replace("_", " "): name for name in ASIDES} | {name: name for name in ASIDES}
    words |= {aside_title(name).lower(): name for name in ASIDES}
    for role in ROLES:
        words |= dict.fromkeys((role.code, role.en.lower(), role.zh, f"{ROLE}{role.code}"), f"{ROLE}{role.code}")
    return words


def _token(text: str, words: Mapping[str, str]) -> str:
    if text.lower().replace("’", "'") in words:
        return words[text.lower().replace("’", "'")]
    if (number := _NUMBER.match(text)) is not None:
        return number[0].upper()
    text = text.replace("\x00", "�")  # which no database takes in a question
    people: list[str] = list(
        Person.objects.filter(Q(title=text) | Q(username=text.lower())).values_list("number", flat=True)[:2]
    )
    people += list(Team.objects.filter(title=text).values_list("number", flat=True)[:2])
    if len(people) == 1:
        return people[0]
    says = _("“%(text)s” fits several. Write the number.") if people else _("There is nobody called “%(text)s”.")
    raise ValueError(says % {"text": text[:80]})


def unknown(tokens: Iterable[str]) -> list[str]:
    """Those that stand for nobody: no such person, team or role, or one that has left."""
    wanted = set(tokens)
    known = set(ASIDES) | {f"{ROLE}{code}" for code in CODES}
    numbers = wanted - known
    people = Person.objects.filter(number__in=numbers, status="active").values_list("number", flat=True)
    teams = Team.objects.filter(number__in=numbers, status="active").values_list("number", flat=True)
    return sorted(numbers - set(people) - set(teams)) if numbers else []
