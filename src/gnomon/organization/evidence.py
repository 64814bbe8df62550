"""Whether the records prove what 5.3 asks of roles, responsibilities and authorities.

Registers are read from the ledger as they stood at the moment asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import SMS_MANAGER, TOP_MANAGEMENT
from gnomon.records.queries.known import Known, known_among, known_at
from gnomon.standard.clauses import is_within
from gnomon.standard.plugs import Finding, Question, evidence

# Reports to top management are made under these clauses.
REPORTING = ("9.3", "9.4")


@evidence(
    "5.1-c",
    _("Every role in use states its authorities"),
    lacks=_("what a role may decide, apart from its authorities"),
)
def roles_have_authorities(question: Question) -> Finding:
    roles = roles_in_use(question.as_of)
    return Finding(
        list(roles),
        failed=[number for number, each in roles.items() if not str(each.facts.get("authorities", "")).strip()],
        whole=False,
    )


@evidence("5.3-a", _("Top management gave somebody the responsibility for the management system"))
def the_management_system_is_answered_for(question: Question) -> Finding:
    """Current responsibilities with the role of SMS manager; whoever recorded one assigned it."""
    roles = known_at("role", question.as_of)
    current = {
        number: each
        for number, each in current_responsibilities(question.as_of).items()
        if _code(each, roles) == SMS_MANAGER
    }
    active = active_among((str(each.facts.get("person")) for each in current.values()), question.as_of)
    givers = known_among((each.told_by for each in current.values()), question.as_of)
    failed = [
        number
        for number, each in current.items()
        if each.facts.get("person") not in active or TOP_MANAGEMENT not in _roles(givers.get(each.told_by))
    ]
    return Finding(list(current), failed=failed)


@evidence("5.3-b", _("Somebody answers for reporting to top management"))
def reporting_is_answered_for(question: Question) -> Finding:
    """Current responsibilities for management review or service reporting."""
    current = {
        number: each
        for number, each in current_responsibilities(question.as_of).items()
        if any(is_within(str(each.facts.get("clause", "")), clause) for clause in REPORTING)
    }
    active = active_among((str(each.facts.get("person")) for each in current.values()), question.as_of)
    return Finding(
        list(current), failed=[number for number, each in current.items() if each.facts.get("person") not in active]
    )


@evidence("5.3-c", _("Every role in use says what it answers for and what it may decide"))
def roles_are_described(question: Question) -> Finding:
    roles = roles_in_use(question.as_of)
    failed = [
        number
        for number, each in roles.items()
        if not all(str(each.facts.get(name, "")).strip() for name in ("description", "authorities"))
    ]
    return Finding(list(roles), failed=failed)


def roles_in_use(as_of: datetime) -> Mapping[str, Known]:
    """Roles that are in use at a moment."""
    return {number: each for number, each in known_at("role", as_of).items() if each.status == "in_use"}


def current_responsibilities(as_of: datetime) -> Mapping[str, Known]:
    """Responsibilities that are held on the day of a moment."""
    today = timezone.localdate(as_of)
    return {
        number: each
        for number, each in known_at("responsibility", as_of).items()
        if each.status == "held" and _day(each, "since", date.max) <= today <= _day(each, "until", date.max)
    }


def roles_held(as_of: datetime) -> frozenset[str]:
    """Numbers of roles that an active person holds at a moment: by a responsibility, or among those of the person."""
    roles = known_at("role", as_of)
    current = current_responsibilities(as_of).values()
    people = known_at("person", as_of)
    active = _active(people, as_of)
    held = {str(each.facts.get("role")) for each in current if each.facts.get("person") in active}
    codes = {code for number in active for code in _roles(people[number])}
    return frozenset(held | {number for number, each in roles.items() if each.facts.get("code") in codes})


def active_among(people: Iterable[str], as_of: datetime) -> frozenset[str]:
    """Those of these people who were active at a moment."""
    return _active(known_among(people, as_of), as_of)


def _active(people: Mapping[str, Known], as_of: datetime) -> frozenset[str]:
    today = timezone.localdate(as_of)
    return frozenset(
        number
        for number, each in people.items()
        if each.status == "active" and _day(each, "access_until", date.max) >= today
    )


def _code(responsibility: Known, roles: Mapping[str, Known]) -> str:
    role = roles.get(str(responsibility.facts.get("role")))
    return str(role.facts.get("code", "")) if role else ""


def _roles(person: Known | None) -> Iterable[str]:
    return person.facts.get("roles") or () if person else ()


def _day(known: Known, name: str, otherwise: date) -> date:
    text = known.facts.get(name)
    return date.fromisoformat(text) if text else otherwise
