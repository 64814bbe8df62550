"""What another policy or calendar would change about a clock, shown before it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gnomon.agreements.clock.readings import Clock, ClockState, Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """From one reading of a clock to another of the same record at the same moment.

    `due_moves_by` is in time on the wall, later counting up; None when either has no due time.
    `remaining_changes_by` is in service seconds; None when either has no target.
    """

    before: Clock
    after: Clock
    due_moves_by: timedelta | None
    remaining_changes_by: int | None

    @property
    def would_breach(self) -> bool:
        """The target is kept or open now, and would be broken."""
        return self.after.verdict is Verdict.BREACHED and self.before.verdict is not Verdict.BREACHED

    @property
    def would_be_saved(self) -> bool:
        """The target is broken now, and would not be."""
        return self.before.verdict is Verdict.BREACHED and self.after.verdict is not Verdict.BREACHED

    @property
    def gains_target(self) -> bool:
        return self.before.target_seconds is None and self.after.target_seconds is not None

    @property
    def loses_target(self) -> bool:
        return self.before.target_seconds is not None and self.after.target_seconds is None

    @property
    def is_empty(self) -> bool:
        """Nothing a person would notice: same state, verdict, target, time left and due time."""
        return _face(self.before) == _face(self.after)


def _face(clock: Clock) -> tuple[ClockState, Verdict, object, object, object]:
    return clock.state, clock.verdict, clock.target_seconds, clock.remaining_seconds, clock.due_at


def difference(before: Clock, after: Clock) -> Difference:
    """What changes from `before` to `after`; ValueError when they are not readings of one clock."""
    if before.name != after.name:
        raise ValueError(f"Clock {before.name} cannot be compared with clock {after.name}.")
    moves = after.due_at - before.due_at if before.due_at and after.due_at else None
    left, would_be_left = before.remaining_seconds, after.remaining_seconds
    return Difference(
        before, after, moves, None if left is None or would_be_left is None else would_be_left - left
    )  # fmt: skip
