"""Where clocks stand, as it is kept: one row for each clock of a record, and one for each turn of a team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import models

from gnomon.agreements.clock.readings import Clock
from gnomon.agreements.histories import Pins
from gnomon.agreements.models import ClockProjection, TeamClock
from gnomon.jobs.asking import many, rows_of
from gnomon.jobs.moments import milliseconds
from gnomon.records.actions.projections import Raw


class ClockRow(NamedTuple):
    """A row of either table without the cost of a model: an import writes fifty thousand."""

    kind: str
    number: str
    state: str
    started_at: datetime | None
    stopped_at: datetime | None
    elapsed_seconds: int
    target_seconds: int | None
    due_at: datetime | None
    late_after: datetime | None
    breached_at: datetime | None
    met: bool | None
    agreement: str
    agreement_version: int | None
    calendar_version: int | None
    name: str = ""
    nth: int = 0
    team: str = ""
    next_threshold: int | None = None
    next_threshold_at: datetime | None = None
    entry: int = 0


SHARED = ClockRow._fields[: ClockRow._fields.index("agreement")]


def row_of(kind: str, number: str, clock: Clock, pins: Pins, **own: Any) -> ClockRow:
    """The row that says where a clock stands; a verdict is given of one that is over."""
    met = None if clock.motion.goes_on else clock.met
    return ClockRow(
        kind, number, clock.state.value, clock.started_at, clock.stopped_at, clock.elapsed_seconds,
        clock.target_seconds, clock.due_at, clock.late_after, clock.breached_at, met,
        pins.sla or "", pins.sla_version, pins.calendar_version, **own,
    )  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A table of clocks: what it calls the agreement, what tells its clocks apart, how it calls one, and what else it keeps."""

    model: type[models.Model]
    agreement: str
    which: str
    says: str
    own: Sequence[str] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return (*SHARED, self.agreement, f"{self.agreement}_version", "calendar_version", self.which, *self.own)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The same as a row calls them."""
        return (*SHARED, "agreement", "agreement_version", "calendar_version", self.which, *self.own)

    @cached_property
    def _statement(self) -> str:
        keys = {"kind", "number", self.which}
        news = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name not in keys)
        marks = ", ".join(["%s"] * len(self.columns))
        return (
            f"INSERT INTO {self.model._meta.db_table} ({', '.join(self.columns)}) VALUES ({marks}) "
            f"ON CONFLICT (number, {self.which}) DO UPDATE SET {news}"
        )

    def store(self, rows: Iterable[ClockRow]) -> None:
        """Put rows in place of those that are there."""
        many(self._statement, [self._values(row) for row in rows])

    def put(self, numbers: Sequence[str], rows: Iterable[ClockRow]) -> None:
        """Keep these rows of these records, and no others."""
        rows = list(rows)
        wanted = {(row.number, getattr(row, self.which)) for row in rows}
        there = self.model._base_manager.filter(number__in=numbers).values_list("pk", "number", self.which)
        gone = [pk for pk, *key in there if tuple(key) not in wanted]
        if gone:
            self.model._base_manager.filter(pk__in=gone).delete()
        if rows:
            self.store(rows)

    def kept(self, numbers: Sequence[str]) -> Iterator[tuple[str, str, Raw]]:
        """The rows of these records as the database holds them: number, clock, columns."""
        marks = ", ".join(["%s"] * len(numbers))
        table = self.model._meta.db_table
        for row in rows_of(f"SELECT {', '.join(self.columns)} FROM {table} WHERE number IN ({marks})", list(numbers)):
            yield self._called(tuple(row))

    def raw(self, row: ClockRow) -> tuple[str, str, Raw]:
        """The same of a row that was derived."""
        return self._called(tuple(self._values(row)))

    def _called(self, values: Raw) -> tuple[str, str, Raw]:
        return values[1], f"{self.says} {values[self.columns.index(self.which)]}", values

    def _values(self, row: ClockRow) -> list[Any]:
        return [milliseconds(v) if isinstance(v, datetime) else v for v in attrgetter(*self.fields)(row)]

    def rows(self, numbers: Sequence[str]) -> Iterable[ClockRow]:
        """What is kept of these records."""
        kept = self.model._base_manager.filter(number__in=numbers).order_by("id").values_list(*self.columns)
        return (ClockRow(**dict(zip(self.fields, row, strict=True))) for row in kept)


OF_RECORDS = Kept(ClockProjection, "sla", "name", "clock", ("next_threshold", "next_threshold_at", "entry"))
OF_TEAMS = Kept(TeamClock, "ola", "nth", "turn", ("team",))
