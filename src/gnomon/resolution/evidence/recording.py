"""Incidents are recorded, classified and prioritized (8.6.1 a, b)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import LedgerEntry
from gnomon.resolution.evidence.populations import TOLD_AT, after, finding, incidents_with, within
from gnomon.resolution.queries.priority import Table, tables_over_time
from gnomon.standard.plugs import Finding, Question, evidence

NOT_CONNECTED = Finding((), connected=False)
DECIDES_PRIORITY = ("impact", "urgency", "priority")


@evidence("8.6.1-a1", _("Every incident was recorded within the hour"))
def incidents_are_recorded_at_once(question: Question) -> Finding:
    """From when it opened to the first entry about it, both by the clock of the world.

    For an incident brought along from another system that entry is the other system's first one: the
    moment of our import says nothing about how fast it was recorded.
    """
    (limit,) = question.limits
    incidents = within("opened_at", question).annotate(told_at=TOLD_AT)
    known = incidents.filter(Q(told_at__lte=question.as_of) | Q(told_at__isnull=True))
    return finding(known, failed=Q(told_at__isnull=True), late=Q(told_at__gt=after("opened_at", limit)))


@evidence("8.6.1-a1", _("Every contact that reports an incident leads to one"), rule=2)
def contacts_become_incidents(_question: Question) -> Finding:
    """Contacts are not kept apart from incidents in this version."""
    return NOT_CONNECTED


@evidence("8.6.1-a1", _("Every critical alert leads to an incident"), rule=3)
def alerts_become_incidents(_question: Question) -> Finding:
    """Alerts are not taken in by this version."""
    return NOT_CONNECTED


@evidence("8.6.1-a2", _("Every incident had a category and a service when it was closed"))
def incidents_are_classified(question: Question) -> Finding:
    """What was filled only after the incident was closed does not count, by the ledger."""
    first_said = (
        Q(facts__contains='"category":["",') | Q(facts__contains='"category":[null,')
        | Q(facts__contains='"service":[null,')
    )  # fmt: skip
    afterwards = LedgerEntry.objects.filter(
        first_said, number=OuterRef("number"), version__gt=1, happened_at__gt=OuterRef("closed_at")
    )
    incidents = incidents_with("closed_at", question)
    return finding(incidents, failed=Q(category="") | Q(service__isnull=True) | Q(Exists(afterwards)))


@evidence("8.6.1-b", _("Impact, urgency and priority were set in time and agree with the matrix"))
def incidents_are_prioritized(question: Question) -> Finding:
    """By a matrix in force since the incident was recorded; time runs from the first entry about it."""
    (limit,) = question.limits
    first = LedgerEntry.objects.filter(number=OuterRef("number"), version=1)
    at_once = Exists(first.filter(*(Q(facts__contains=f'"{name}":[null,') for name in DECIDES_PRIORITY)))
    incidents = incidents_with("opened_at", question).annotate(told_at=TOLD_AT, at_once=at_once)
    rows = list(
        incidents.filter(Q(told_at__lte=question.as_of) | Q(told_at__isnull=True))
        .annotate(agrees=_agrees(question.as_of))
        .values_list("number", "told_at", "at_once", "agrees")
    )
    later = _filled_at((number for number, _told, at_once, _agrees in rows if not at_once), question.as_of)
    population, late, failed = [], [], []
    for number, told_at, was_at_once, agrees in rows:
        filled_at = told_at if was_at_once else later.get(number)
        due_at = None if told_at is None else told_at + limit.length
        if filled_at is None and due_at is not None and due_at > question.as_of:
            continue
        population.append(number)
        if filled_at is None or not agrees:
            failed.append(number)
        elif due_at is None or filled_at > due_at:
            late.append(number)
    return Finding(population, late, failed)


def _agrees(as_of: datetime) -> Any:
    """The priority is what some matrix says that was in force between the first entry and `as_of`."""
    tables = [(since, table) for since, table in tables_over_time() if since <= as_of]
    agrees = _says(tables[-1][1])
    for at, (_since, table) in enumerate(tables[:-1]):
        agrees |= _says(table) & Q(told_at__lt=tables[at + 1][0])
    return agrees


def _says(table: Table) -> Q:
    says = Q(pk__in=[])
    for impact, row in table.items():
        for urgency, priority in row.items():
            says |= Q(impact=int(impact), urgency=int(urgency), priority=priority)
    return says


def _filled_at(numbers: Iterable[str], as_of: datetime) -> Mapping[str, datetime]:
    """When the last of the three was first filled, for those where all are; by the ledger."""
    told = Q()
    for name in DECIDES_PRIORITY:
        told |= Q(facts__contains=f'"{name}":[')
    wanted = list(numbers)
    known: dict[str, set[str]] = defaultdict(set)
    filled: dict[str, datetime] = {}
    for start in range(0, len(wanted), 2000):
        entries = LedgerEntry.objects.filter(told, number__in=wanted[start : start + 2000], happened_at__lte=as_of)
        for entry in entries.order_by("number", "version").iterator():
            changes = entry.changes
            known[entry.number] |= {name for name in DECIDES_PRIORITY if changes.get(name, [None, None])[1] is not None}
            if known[entry.number].issuperset(DECIDES_PRIORITY):
                filled.setdefault(entry.number, entry.happened_at)
    return filled
