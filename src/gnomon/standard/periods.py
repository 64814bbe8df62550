"""Stretches of time that rules and measures look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, end excluded; both ends aware datetimes."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("A period needs times with a time zone.")
        if self.end < self.start:
            raise ValueError(f"A period cannot end ({self.end}) before it starts ({self.start}).")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @classmethod
    def last(cls, days: int, until: datetime) -> Period:
        """The `days` before `until`."""
        return cls(until - timedelta(days=days), until)

    @classmethod
    def since_ever(cls, until: datetime) -> Period:
        """Everything up to `until`."""
        return cls(datetime(1970, 1, 1, tzinfo=UTC), until)
