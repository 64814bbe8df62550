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
    roles = {
        number: each for number, each in known_at("role", question.as_of).items() if each.status == "in_use"
    }  # fmt: skip
    failed = [
        number
        for number, each in roles.items()
        if not all(str(each.facts.get(name, "")).strip() for name in ("description", "authorities"))
    ]
    return Finding(list(roles), failed=failed)


def current_responsibilities(as_of: datetime) -> Mapping[str, Known]:
    """Responsibilities that are held on the day of a moment."""
    today = timezone.localdate(as_of)
    return {
        number: each
        for number, each in known_at("responsibility", as_of).items()
        if each.status == "held" and _day(each, "since", date.max) <= today <= _day(each, "until", date.max)
    }


def active_among(people: Iterable[str], as_of: datetime) -> frozenset[str]:
    """Those of these people who were active at a moment."""
    today = timezone.localdate(as_of)
    known = known_among(people, as_of)
    return frozenset(
        number
        for number, each in known.items()
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
