"""What was agreed for one clock: a target for each priority, measured in the hours of a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class BusinessTime(Protocol):
    """Service hours that count: whole seconds, both ends aware."""

    def add(self, start: datetime, seconds: int) -> datetime:
        """The first moment at which `seconds` of service time have passed since `start`."""

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of service time from `start` to `end`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of what a clock is held to.

    `targets` are seconds of service time by priority; the key None speaks for every priority not named.
    None as a target says that nothing was agreed, which is not the same as a long time.
    `pauses` says whether waiting may pause the clock at all. Changing a policy makes another version;
    a clock is read with the version that its record is pinned to.
    """

    version: str
    calendar: BusinessTime = field(compare=False)
    targets: Mapping[int | None, int | None] = field(default_factory=dict)
    thresholds: tuple[int, ...] = (50, 75, 90, 100)
    pauses: bool = True

    def __post_init__(self) -> None:
        for priority, seconds in self.targets.items():
            if seconds is not None and seconds <= 0:
                raise ValueError(f"The target of priority {priority} is {seconds} seconds; say None for no target.")
        if any(percent <= 0 for percent in self.thresholds) or list(self.thresholds) != sorted(set(self.thresholds)):
            raise ValueError(f"Thresholds {self.thresholds} must be percentages that rise.")

    def target(self, priority: int | None) -> int | None:
        """Seconds agreed for a priority, or None when nothing was agreed."""
        return self.targets.get(priority, self.targets.get(None))

    def to_dict(self) -> dict[str, Any]:
        """The policy as plain data, without its calendar; the priority "" is every one not named."""
        targets = {"" if priority is None else str(priority): seconds for priority, seconds in self.targets.items()}
        return {
            "version": self.version,
            "targets": targets,
            "thresholds": list(self.thresholds),
            "pauses": self.pauses,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], calendar: BusinessTime) -> Policy:
        """A policy from plain data; KeyError or ValueError when a part is missing or makes no sense."""
        return cls(
            version=table["version"],
            calendar=calendar,
            targets={int(key) if key else None: seconds for key, seconds in table["targets"].items()},
            thresholds=tuple(table.get("thresholds", (50, 75, 90, 100))),
            pauses=bool(table.get("pauses", True)),
        )
