"""Derive everything anew from the ledger, or only say whether that would change anything (8.3.3).

What is kept of clocks is a projection: rows of `ClockProjection` and `TeamClock`, the columns of records that
show them, and when the steps of escalations fall due. All of it follows from the ledger and its versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from gnomon.agreements.escalation.following import ALIVE, follow
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.records.actions.projections import Compared, Differing
from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import Record

BATCH = 1000
Row = tuple[Any, ...]
Rows = dict[Row, Row]


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
    done, last, found = 0, 0, Compared(mend=not check)
    while records := list(kind.model.objects.filter(pk__gt=last).order_by("pk")[:batch]):
        with transaction.atomic():
            for rebuild in kind.rebuild:
                rebuild(records, found)
            found.differing += _escalations(records)
            transaction.set_rollback(check)
        last, done = records[-1].pk, done + len(records)
        progress(done)
    return Outcome(done, found.differing)


def _escalations(records: Sequence[Record]) -> Iterator[Differing]:
    """Let the escalations of these records follow them anew; what that changed."""
    alive = Escalation.objects.filter(number__in=[record.number for record in records], state__in=ALIVE)
    numbers = set(alive.values_list("number", flat=True))
    if not numbers:
        return
    before = _stand(numbers)
    for record in records:
        if record.number in numbers:
            follow(record)
    after = _stand(numbers)
    for key in sorted(before.keys() | after.keys(), key=str):
        if before.get(key) != after.get(key):
            number, what, which = key
            yield Differing(str(number), f"{what} {which}", before.get(key), after.get(key))


def _stand(numbers: Iterable[str]) -> Rows:
    """Where escalations that run and their steps stand, by what it is about."""
    alive = Escalation.objects.filter(number__in=numbers, state__in=ALIVE)
    steps = EscalationStep.objects.filter(escalation__in=alive)
    rows = {
        "escalation": alive.values_list("number", "pk", "state", "next_at"),
        "step": steps.values_list("escalation__number", "pk", "state", "due_at"),
    }
    return {(row[0], what, row[1]): row[2:] for what, found in rows.items() for row in found}
