"""What a pack is made of: the order says which, the basis says from which state of the records; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gnomon.certification.samples import METHOD
from gnomon.jobs.moments import written
from gnomon.standard.clauses import is_within
from gnomon.standard.periods import Period

FORMAT = "gnomon-audit-pack/1"


@dataclass(frozen=True, slots=True)
class Order:
    """A period and scope, how samples are drawn, and for whom.

    `clauses` and `services` are all when empty; `last_day` is part of the period. `known` are sizes of
    checkpoints that the auditor holds already; without `names` people are numbers only.
    """

    first_day: date
    last_day: date
    zone: str
    clauses: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    seed: str = "1"
    sample_size: int = 25
    known: tuple[int, ...] = ()
    names: bool = True
    purpose: str = ""
    for_whom: str = ""

    @property
    def period(self) -> Period:
        """From the first midnight of the zone to the one after the last day."""
        zone = ZoneInfo(self.zone)
        start, end = (
            datetime.combine(day, time(), zone) for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return Period(start.astimezone(UTC), end.astimezone(UTC))

    def covers(self, requirement: str) -> bool:
        """Whether a requirement is within the clauses asked for."""
        return not self.clauses or any(requirement == one or is_within(requirement, one) for one in self.clauses)

    def as_json(self) -> Mapping[str, Any]:
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "from": written(self.period.start),
            "to": written(self.period.end),
            "zone": self.zone,
            "clauses": list(self.clauses),
            "services": list(self.services),
            "seed": self.seed,
            "sample_size": self.sample_size,
            "sample_method": METHOD,
            "known_checkpoints": list(self.known),
            "names": self.names,
            "purpose": self.purpose,
            "for_whom": self.for_whom,
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """The state of the records that a pack tells: a run, a checkpoint, and the moment written into the pack."""

    run: str
    checkpoint: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What came of making one."""

    name: str
    digest: str
    size: int
    files: int
    records: int
    entries: int
    root: str
