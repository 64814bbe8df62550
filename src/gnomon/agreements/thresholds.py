"""Tell of shares of a target once they are reached; what follows is for the app of the record to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from gnomon.agreements.clock.derive import derive
from gnomon.agreements.clocks import history_of, project, told_of
from gnomon.agreements.models import ClockProjection, ThresholdReached
from gnomon.agreements.policies import DEFINITIONS, read_clock
from gnomon.jobs.actions import enqueue
from gnomon.jobs.moments import written
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.standard.collect import collect

TELL = "agreements:tell_threshold"


@dataclass(frozen=True, slots=True)
class OnThreshold:
    """What an app does when a clock of one of its kinds reaches a share of its target.

    Declared in `<app>/thresholds.py`; `run(record, clock, percent, reached_at)` happens later, at least
    once, for percentages from `percent` on, so it must be idempotent.
    """

    kind: str
    run: Callable[[Record, str, int, datetime], None]
    percent: int = 0


def sweep(now: datetime | None = None) -> int:
    """Find the thresholds reached by `now` and store the telling of each, once for ever; how many."""
    now = now or datetime.now(UTC)
    due = ClockProjection.objects.filter(next_threshold_at__lte=now).order_by("next_threshold_at")
    return sum(_tell_of(number, now) for number in dict.fromkeys(due.values_list("number", flat=True)))


@transaction.atomic
def _tell_of(number: str, now: datetime) -> int:
    rows = {row.name: row for row in ClockProjection.objects.select_for_update().filter(number=number)}
    record = find_record(number)
    if record is None:
        ClockProjection.objects.filter(number=number).delete()
        return 0
    history = history_of(record)
    known = told_of([number]).get(number, {})
    told = 0
    for definition in DEFINITIONS:
        row = rows.get(definition.name)
        if row is None:
            continue
        clock, pins = read_clock(definition, history, history.until, reading=derive)
        already = known.get(clock.name, frozenset())
        # Several may have been reached since the last look; each is told of, in order.
        while (waits := project(record, clock, pins, history, already)).next_threshold_at is not None:
            if waits.next_threshold_at > now or waits.next_threshold is None:
                break
            _tell(
                ThresholdReached(
                    kind=row.kind, number=number, name=clock.name, percent=waits.next_threshold,
                    reached_at=waits.next_threshold_at, told_at=now,
                )
            )  # fmt: skip
            already, told = already | {waits.next_threshold}, told + 1
        ClockProjection.objects.filter(pk=row.pk).update(
            next_threshold=waits.next_threshold, next_threshold_at=waits.next_threshold_at
        )
    return told


def _tell(reached: ThresholdReached) -> None:
    reached.save(force_insert=True)
    enqueue(
        TELL, key=f"{reached.number}/{reached.name}/{reached.percent}", once=True, cause=reached.number,
        number=reached.number, clock=reached.name, percent=reached.percent, reached_at=written(reached.reached_at),
    )  # fmt: skip


def tell(number: str, clock: str, percent: int, reached_at: str) -> None:
    """Let the apps act on one threshold."""
    record = find_record(number)
    if record is None:
        return
    kind = record.kind.name
    for follower in collect("thresholds", OnThreshold):
        if follower.kind == kind and percent >= follower.percent:
            follower.run(record, clock, percent, datetime.fromisoformat(reached_at))
