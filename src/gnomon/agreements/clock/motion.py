"""How a clock moves from one happening to the next: a table of five motions and six conditions.

The conditions that hold at a happening are weighed in this order, and the first that applies decides:

1. cancel   a clock that has not stopped is cancelled; a stopped one keeps its verdict, which nobody cancels away.
2. reset    a clock that was ever started, even a cancelled one, begins anew with nothing elapsed.
3. start    a clock that has not started does; reset and start go on to ask stop and pause as well.
4. stop     a running or paused clock stops. A stopped clock stays so while stop holds.
5. pause    a running clock pauses; one that runs on after a stop comes back paused.
6. resume   a paused clock runs again; a stopped one too, when its definition lets it run on.

So cancel beats all but a verdict, stop beats pause, and pause beats resume.
"""

from __future__ import annotations

from enum import IntFlag, StrEnum


class Motion(StrEnum):
    """What the hands of a clock do."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"

    @property
    def goes_on(self) -> bool:
        """Begun and not over: nobody can give a verdict yet."""
        return self in (Motion.RUNNING, Motion.PAUSED)


class Holds(IntFlag):
    """Which conditions hold at a happening."""

    START = 1
    PAUSE = 2
    RESUME = 4
    STOP = 8
    RESET = 16
    CANCEL = 32


def step(motion: Motion, holds: int, *, runs_on: bool) -> tuple[Motion, bool]:
    """The motion after a happening, and whether the clock began anew with it."""
    if holds & Holds.CANCEL and motion is not Motion.STOPPED:
        return Motion.CANCELLED, False
    wanted = Holds.START if motion is Motion.NOT_STARTED else Holds.RESET
    if holds & wanted:
        return _begun(holds), True
    return (_going(motion, holds, runs_on=runs_on) if motion in _BEGUN else motion), False


_BEGUN = (Motion.RUNNING, Motion.PAUSED, Motion.STOPPED)


def _going(motion: Motion, holds: int, *, runs_on: bool) -> Motion:
    if holds & Holds.STOP or (motion is Motion.STOPPED and not runs_on):
        return Motion.STOPPED
    if holds & Holds.PAUSE:
        return Motion.PAUSED
    return Motion.RUNNING if holds & Holds.RESUME else motion


def _begun(holds: int) -> Motion:
    if holds & Holds.STOP:
        return Motion.STOPPED
    return Motion.PAUSED if holds & Holds.PAUSE else Motion.RUNNING


Steps = dict[Motion, tuple[tuple[Motion, bool], ...]]


def steps(*, runs_on: bool) -> Steps:
    """Every step there is, so that reading a clock costs a look-up and no decision."""
    return {motion: tuple(step(motion, holds, runs_on=runs_on) for holds in range(64)) for motion in Motion}
