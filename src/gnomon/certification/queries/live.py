"""Conformity computed from the records at this very moment, of now or of any earlier date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gnomon.certification.catalogue import catalogue
from gnomon.certification.examination import RequirementOutcome, examine
from gnomon.certification.queries.ground import ground_at
from gnomon.records.queries.known import remembering
from gnomon.standard.collect import collect
from gnomon.standard.plugs import EvidenceCheck, Finding, Question


class NoSuchClause(LookupError):
    """A clause or requirement that the standard does not have."""

    def __init__(self, clause: str) -> None:
        says = _("The standard has no clause %(clause)s; name one from 4 to 10.2, for example 8.6.1.")
        super().__init__(says % {"clause": clause})


Ask = Callable[[EvidenceCheck, Question], Finding]


@cache
def declared_checks() -> Mapping[str, EvidenceCheck]:
    """The checks that the installed apps declare, by the rule that each decides."""
    checks: dict[str, EvidenceCheck] = {}
    for check in collect("evidence", EvidenceCheck):
        checks.setdefault(check.name, check)
    return checks


def misdeclared_checks() -> list[str]:
    """Checks that no rule asks for or that two apps declare, each in a sentence."""
    found: list[str] = []
    seen: set[str] = set()
    for check in collect("evidence", EvidenceCheck):
        if check.name not in catalogue().rules:
            found.append(f"“{check.says}” decides {check.name}, which is no rule of the catalogue.")
        if check.name in seen:
            found.append(f"“{check.says}” decides {check.name}, which another check decides already.")
        seen.add(check.name)
    return found


def examine_live(as_of: datetime, clause: str = "", *, ask: Ask | None = None) -> list[RequirementOutcome]:
    """The verdict on every requirement of a clause (all when empty) by the records as they are known now.

    LookupError when the standard has no such clause or requirement. `ask` puts the questions to the checks.
    """
    requirements = tuple(catalogue().within(clause))
    if not requirements:
        raise NoSuchClause(clause)
    with remembering():
        return examine(requirements, declared_checks(), as_of=as_of, ground=ground_at(as_of), ask=ask or asked_apart)


def asked_apart(check: EvidenceCheck, question: Question) -> Finding:
    """Run a check so that a failing query of its own does not spoil the transaction around it."""
    if not connection.in_atomic_block:
        return check.run(question)
    with transaction.atomic():
        return check.run(question)
