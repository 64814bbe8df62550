"""Derive everything anew from the ledger, or only say whether that would change anything (8.3.3).

What is kept of clocks is a projection: rows of `ClockProjection` and `TeamClock`, the columns of records that
show them, and when the steps of escalations fall due. All of it follows from the ledger and its versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from gnomon.agreements.escalation.following import ALIVE, follow
from gnomon.agreements.models import ClockProjection, Escalation, EscalationStep, TeamClock
from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import Record

BATCH = 1000
Row = tuple[Any, ...]
Rows = dict[Row, Row]


class Differing(NamedTuple):
    """A row that is not what the ledger says."""

    number: str
    what: str
    kept: Row | None
    derived: Row | None


class Outcome(NamedTuple):
    """How many records were gone through, and what was not as it should be."""

    records: int
    differing: list[Differing]


def kinds_with_clocks() -> list[Kind]:
    """The kinds whose records keep projections that can be rebuilt."""
    return [kind for kind in kinds() if kind.rebuild]


def rederive(
    kind: Kind, *, check: bool = False, batch: int = BATCH, progress: Callable[[int], None] = lambda _done: None
) -> Outcome:
    """Derive the projections of all records of a kind anew; with `check` nothing is kept of it."""
    done, last, differing = 0, 0, list[Differing]()
    while records := list(kind.model.objects.filter(pk__gt=last).order_by("pk")[:batch]):
        with transaction.atomic():
            before = _snapshot(kind, records)
            _derive(kind, records)
            differing += _compared(before, _snapshot(kind, records))
            transaction.set_rollback(check)
        last, done = records[-1].pk, done + len(records)
        progress(done)
    return Outcome(done, differing)


def _derive(kind: Kind, records: Sequence[Record]) -> None:
    for rebuild in kind.rebuild:
        rebuild(records)
    alive = Escalation.objects.filter(number__in=[record.number for record in records], state__in=ALIVE)
    followed = set(alive.values_list("number", flat=True))
    for record in records:
        if record.number in followed:
            follow(record)


def _snapshot(kind: Kind, records: Sequence[Record]) -> Rows:
    """Every kept value about these records, by what it is about."""
    numbers = [record.number for record in records]
    rows: Rows = {}
    for what, found in _tables(kind, records, numbers):
        rows |= {(row[0], what, row[1]): row[2:] for row in found}
    return rows


def _tables(kind: Kind, records: Sequence[Record], numbers: Sequence[str]) -> Iterator[tuple[str, Any]]:
    yield (
        "clock",
        ClockProjection.objects.filter(number__in=numbers).values_list("number", "name", *_columns(ClockProjection)),
    )
    yield "turn", TeamClock.objects.filter(number__in=numbers).values_list("number", "nth", *_columns(TeamClock))
    shown = kind.model.objects.filter(pk__in=[record.pk for record in records])
    yield "columns", shown.values_list("number", "pk", *kind.projections)
    alive = Escalation.objects.filter(number__in=numbers, state__in=ALIVE)
    yield "escalation", alive.values_list("number", "pk", "state", "next_at")
    steps = EscalationStep.objects.filter(escalation__in=alive)
    yield "step", steps.values_list("escalation__number", "pk", "state", "due_at")


def _columns(model: Any) -> list[str]:
    keys = {"id", "kind", "number", "name", "nth"}
    return [field.name for field in model._meta.concrete_fields if field.name not in keys]


def _compared(before: Rows, after: Rows) -> Iterator[Differing]:
    for key in sorted(before.keys() | after.keys(), key=str):
        if before.get(key) != after.get(key):
            number, what, which = key
            yield Differing(str(number), f"{what} {which}", before.get(key), after.get(key))
