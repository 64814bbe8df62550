"""Incidents are recorded, classified and prioritized (8.6.1 a, b)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db.models import BigIntegerField, Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import moment
from gnomon.records.models import LedgerEntry
from gnomon.resolution.evidence.populations import (
    EACH_INCIDENT,
    FIRST_ENTRY,
    TOLD_AT,
    finding,
    incidents_with,
    one_of,
    soonest,
    window_turns,
    within,
)
from gnomon.resolution.queries.priority import Table, tables_over_time
from gnomon.standard.plugs import Finding, Question, Recordwise, evidence

DECIDES_PRIORITY = ("impact", "urgency", "priority")


@evidence("8.6.1-a1", _("Every incident was recorded within the hour"), recordwise=EACH_INCIDENT)
def incidents_are_recorded_at_once(question: Question) -> Finding:
    """From when it opened to the first entry about it, both by the clock of the world.

    For an incident brought along from another system that entry is the other system's first one: the
    moment of our import says nothing about how fast it was recorded.
    """
    (limit,) = question.limits
    told = Told(question)
    for number, opened_at, told_at in within("opened_at", question).values_list("number", "opened_at", TOLD_AT):
        if told_at is not None and told_at > question.as_of:
            told.turns[number] = told_at
            continue
        told.population.append(number)
        if told_at is None:
            told.failed.append(number)
        elif told_at > opened_at + limit.length:
            told.late.append(number)
    return told.finding("opened_at")


@evidence("8.6.1-a2", _("Every incident had a category and a service when it was closed"), recordwise=EACH_INCIDENT)
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
    unclassified = Q(category="") | Q(service__isnull=True) | one_of(afterwards)
    return finding(incidents, failed=unclassified, turns=window_turns("closed_at", question))


@evidence(
    "8.6.1-b", _("Impact, urgency and priority were set in time and agree with the matrix"),
    recordwise=Recordwise("incident", reads=("priority_matrix",)),
)  # fmt: skip
def incidents_are_prioritized(question: Question) -> Finding:
    """By a matrix in force since the incident was recorded; time runs from the first entry about it."""
    (limit,) = question.limits
    columns = ("number", "impact", "urgency", "priority", _first_entry())
    rows = list(incidents_with("opened_at", question).values_list(*columns))
    later = _filled_at(number for number, *_levels, first in rows if not first or not first % 2)
    agrees = _agreement(question.as_of)
    told = Told(question)
    for number, impact, urgency, priority, first in rows:
        told_at = None if first is None else moment(first // 2)
        if told_at is not None and told_at > question.as_of:
            told.turns[number] = told_at
            continue
        filled_at = told_at if first and first % 2 else later.get(number)
        if filled_at is not None and filled_at > question.as_of:
            told.turns[number] = filled_at
            filled_at = None
        due_at = None if told_at is None else told_at + limit.length
        if filled_at is None and due_at is not None and due_at > question.as_of:
            told.turns[number] = min(due_at, told.turns.get(number, due_at))
            continue
        told.population.append(number)
        if filled_at is None or not agrees((impact, urgency, priority), told_at):
            told.failed.append(number)
        elif due_at is None or filled_at > due_at:
            told.late.append(number)
    return told.finding("opened_at")


Levels = tuple[int | None, int | None, int | None]


class Told:
    """What is found out about incidents one by one."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.population: list[str] = []
        self.late: list[str] = []
        self.failed: list[str] = []
        self.turns: dict[str, datetime] = {}

    def finding(self, field: str) -> Finding:
        """All of it, in the window of a moment."""
        turns = soonest(window_turns(field, self.question), self.turns.items(), self.question)
        return Finding(self.population, self.late, self.failed, turns=turns)


def _first_entry() -> Subquery:
    """When the first entry happened, twice its milliseconds, and one more when it fills all that decides: for two
    questions each would be looked up twice."""
    filled = Q(*(Q(facts__contains=f'"{name}":[null,') for name in DECIDES_PRIORITY))
    at = Cast("happened_at", BigIntegerField())
    packed = at * 2 + Case(When(filled, then=Value(1)), default=Value(0), output_field=BigIntegerField())
    return Subquery(FIRST_ENTRY.values(packed=packed)[:1], output_field=BigIntegerField())


def _agreement(as_of: datetime) -> Callable[[Levels, datetime | None], bool]:
    """Whether the priority is what some matrix says that was in force between the first entry and `as_of`."""
    tables = [(since, _says(table)) for since, table in tables_over_time() if since <= as_of]
    *earlier, (_since, newest) = tables
    ends = [since for since, _says in tables[1:]]

    def agrees(levels: Levels, told_at: datetime | None) -> bool:
        if levels in newest or told_at is None:
            return levels in newest
        return any(levels in says and told_at < end for (_since, says), end in zip(earlier, ends, strict=True))

    return agrees


def _says(table: Table) -> frozenset[Levels]:
    return frozenset(
        (int(impact), int(urgency), priority) for impact, row in table.items() for urgency, priority in row.items()
    )


def _filled_at(numbers: Iterable[str]) -> Mapping[str, datetime]:
    """When the last of the three was filled for the first time, for those where all are; by the ledger."""
    told = Q()
    for name in DECIDES_PRIORITY:
        told |= Q(facts__contains=f'"{name}":[')
    wanted = list(numbers)
    known: dict[str, dict[str, datetime]] = defaultdict(dict)
    filled: dict[str, datetime] = {}
    for start in range(0, len(wanted), 2000):
        entries = LedgerEntry.objects.filter(told, number__in=wanted[start : start + 2000])
        for entry in entries.order_by("number", "version").iterator():
            changes, first = entry.changes, known[entry.number]
            for name in DECIDES_PRIORITY:
                if changes.get(name, [None, None])[1] is not None:
                    first.setdefault(name, entry.happened_at)
            if len(first) == len(DECIDES_PRIORITY):
                filled.setdefault(entry.number, max(first.values()))
    return filled
