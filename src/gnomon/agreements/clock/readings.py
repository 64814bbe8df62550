"""What a clock shows when it is read: its state, its verdict, and the story of how it came to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from gnomon.agreements.clock.motion import Motion


class ClockState(StrEnum):
    """What people are shown; a started clock without a target has a state of its own."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    NO_TARGET = "no_target"


class Verdict(StrEnum):
    """Whether the target was kept. Pending can still go either way; none was never promised or was cancelled."""

    NONE = "none"
    PENDING = "pending"
    MET = "met"
    BREACHED = "breached"


class Note(StrEnum):
    """Why a stretch began."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    REOPENED = "reopened"
    RESET = "reset"


class Stretch(NamedTuple):
    """A time through which the clock ran, was paused or stood stopped between two runs.

    `end` is None while it goes on. `seconds` is service time, so a paused night costs nothing.
    `entry`, `actor` and `cause` are those of the happening that began it.
    """

    kind: Motion
    start: datetime
    end: datetime | None
    seconds: int
    note: Note
    entry: int
    actor: str
    cause: str


class Threshold(NamedTuple):
    """A share of the target: when it was reached, or will be if nothing changes; None while no one can say."""

    percent: int
    seconds: int
    at: datetime | None
    reached: bool


class Retarget(NamedTuple):
    """The target that began to count, and how much had elapsed by then."""

    at: datetime
    priority: int | None
    target_seconds: int | None
    elapsed_seconds: int
    entry: int
    actor: str
    cause: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one record, read at one moment.

    `due_at` is when service time will reach the target if the clock runs on; while it is paused nobody can
    say, so it is None and `remaining_seconds` speaks; of a stopped clock it is when the target would have
    run out, or did. `breached_at` is the moment the target in force ran out, and is set once more than the
    target has elapsed. `late_after` is the last moment at which a running clock is still in time: `due_at`,
    or the next opening when the target runs out just as the calendar closes.
    """

    name: str
    state: ClockState
    motion: Motion
    verdict: Verdict
    priority: int | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    elapsed_seconds: int = 0
    target_seconds: int | None = None
    due_at: datetime | None = None
    late_after: datetime | None = None
    breached_at: datetime | None = None
    next_threshold: int | None = None
    next_threshold_at: datetime | None = None
    policy_version: str = ""
    stretches: tuple[Stretch, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    retargets: tuple[Retarget, ...] = ()

    @property
    def remaining_seconds(self) -> int | None:
        """Service time left until the target, below zero when it ran out; None when there is no target."""
        return None if self.target_seconds is None else self.target_seconds - self.elapsed_seconds

    @property
    def met(self) -> bool | None:
        """True or False once the verdict is known, else None: neither counts for nor against."""
        return {Verdict.MET: True, Verdict.BREACHED: False}.get(self.verdict)

    @property
    def percent(self) -> float | None:
        """Share of the target that has elapsed."""
        return None if self.target_seconds is None else 100 * self.elapsed_seconds / self.target_seconds

    def seconds(self, kind: Motion) -> int:
        """Service time spent in stretches of one kind, since the clock last began anew."""
        if self.started_at is None:
            return 0
        return sum(s.seconds for s in self.stretches if s.kind is kind and s.start >= self.started_at)
