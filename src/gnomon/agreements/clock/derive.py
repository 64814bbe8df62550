"""Read a clock from history: a pure function of happenings, policy, calendar and the moment of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from gnomon.agreements.clock.definitions import ClockDefinition
from gnomon.agreements.clock.happenings import Happening, in_order
from gnomon.agreements.clock.motion import Holds, Motion
from gnomon.agreements.clock.policies import BusinessTime, Policy
from gnomon.agreements.clock.readings import (
    Clock,
    ClockState,
    Note,
    Retarget,
    Stretch,
    Threshold,
    Verdict,
)
from gnomon.calendars.refusals import NeverOpens, OutOfReach

_SECOND = timedelta(seconds=1)
_STILL = frozenset({Motion.NOT_STARTED, Motion.CANCELLED})


class _Step(NamedTuple):
    """A change of motion; `anew` when the clock began with it."""

    motion: Motion
    at: datetime
    anew: bool
    because: Happening


class _Run(NamedTuple):
    """A stretch in which the clock ran: `seconds` of service time on top of what had elapsed `before`."""

    start: datetime
    end: datetime
    before: int
    seconds: int


class _Walk(NamedTuple):
    """What a pass over the history leaves behind."""

    steps: list[_Step]
    targets: list[tuple[datetime, int | None, int | None, Happening]]
    anew: int  # index of the step with which the present round began
    priority: int | None
    target: int | None


def derive(definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime) -> Clock:
    """The clock as it stood at `now`, with the stretches, thresholds and targets that explain it.

    Nothing is remembered between readings: the same history gives the same clock at any later time,
    and what is added to a history never changes the stretches before it. Happenings after `now` are
    not yet known. Moments count in whole seconds.
    """
    now = _whole(now)
    walk = _walk(definition, policy, happenings, now)
    runs = _runs(walk, policy.calendar, now)
    return _read(definition, policy, walk, runs, (
        tuple(_stretches(walk, policy.calendar, now)),
        tuple(_thresholds(policy, walk, runs)),
        tuple(_retargets(walk, runs, policy.calendar)),
    ))  # fmt: skip


def derive_final(definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime) -> Clock:
    """The same clock without its story, for bulk: no stretches, thresholds or retargets."""
    now = _whole(now)
    walk = _walk(definition, policy, happenings, now)
    return _read(definition, policy, walk, _runs(walk, policy.calendar, now), ((), (), ()))


def derive_verdict(
    definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime
) -> Clock:
    """The same clock as far as a verdict needs it: of one that goes on no more than that, for nobody can judge it yet."""
    now = _whole(now)
    walk = _walk(definition, policy, happenings, now)
    motion = walk.steps[-1].motion if walk.steps else Motion.NOT_STARTED
    stopped, verdict = None, Verdict.NONE
    if motion is Motion.STOPPED:
        stopped = walk.steps[-1].at
        if walk.target is not None:
            runs = _runs(walk, policy.calendar, now)
            elapsed = runs[-1].before + runs[-1].seconds if runs else 0
            verdict = Verdict.BREACHED if elapsed > walk.target else Verdict.MET
    return Clock(definition.name, ClockState(motion), motion, verdict, walk.priority, stopped_at=stopped)


def derive_awaiting(
    definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime
) -> Clock:
    """The same clock with no more of its story than the thresholds that are still awaited: none once it stopped."""
    now = _whole(now)
    walk = _walk(definition, policy, happenings, now)
    runs = _runs(walk, policy.calendar, now)
    goes_on = bool(walk.steps) and walk.steps[-1].motion.goes_on
    thresholds = tuple(_thresholds(policy, walk, runs)) if goes_on else ()
    return _read(definition, policy, walk, runs, ((), thresholds, ()))


def moments(
    definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime,
    seconds_of: Callable[[int], Sequence[int]],
) -> list[datetime | None]:  # fmt: skip
    """When so much of a clock's time had passed, or will have if nothing changes.

    `seconds_of` answers, from the target, what is asked for. None where nobody can say: without a target,
    while the clock is paused, and of a stopped clock what it did not reach.
    """
    walk = _walk(definition, policy, happenings, _whole(now))
    wanted = [] if walk.target is None else seconds_of(walk.target)
    if not walk.steps or walk.steps[-1].motion is Motion.CANCELLED:
        return [None] * len(wanted)
    runs = _runs(walk, policy.calendar, _whole(now))
    stopped = walk.steps[-1].motion is Motion.STOPPED
    return [
        _reached(seconds, runs, policy.calendar)
        or (None if stopped else _expected(seconds, walk, runs, policy.calendar))
        for seconds in wanted
    ]


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _walk(definition: ClockDefinition, policy: Policy, happenings: Iterable[Happening], now: datetime) -> _Walk:
    motion, priority, target, anew = Motion.NOT_STARTED, None, None, 0
    steps: list[_Step] = []
    targets: list[tuple[datetime, int | None, int | None, Happening]] = []
    table, holds_of = definition.steps, definition.holds
    mask = 63 if policy.pauses else 63 - int(Holds.PAUSE)
    for happening in in_order(happenings):
        at = _whole(happening.at)
        if at > now:
            break
        # A stopped clock keeps the target it stopped with; the entry that stops it may still set another.
        retargeted = happening.priority != priority and motion.goes_on
        priority = happening.priority
        before, (motion, began) = motion, table[motion][holds_of(happening) & mask]
        if motion is not before or began:
            if began:
                anew = len(steps)
                targets.clear()  # those of an earlier round count no more
            steps.append(_Step(motion, at, began, happening))
            retargeted = retargeted or began or (before is Motion.STOPPED and motion is not Motion.CANCELLED)
        if retargeted:
            aim = policy.target(priority)
            if aim != target or began:
                target = aim
                targets.append((at, priority, target, happening))
    return _Walk(steps, targets, anew, priority, target)


def _runs(walk: _Walk, calendar: BusinessTime, now: datetime) -> list[_Run]:
    """The running stretches of the present round."""
    runs: list[_Run] = []
    elapsed = 0
    steps = walk.steps
    for position in range(walk.anew, len(steps)):
        step = steps[position]
        if step.motion is Motion.RUNNING:
            end = steps[position + 1].at if position + 1 < len(steps) else now
            seconds = calendar.between(step.at, end) if end > step.at else 0
            runs.append(_Run(step.at, end, elapsed, seconds))
            elapsed += seconds
    return runs


def _reached(seconds: int, runs: list[_Run], calendar: BusinessTime) -> datetime | None:
    """When `seconds` had elapsed, if they have."""
    for run in runs:
        if seconds <= run.before + run.seconds:
            return calendar.add(run.start, seconds - run.before)
    return None


def _expected(seconds: int, walk: _Walk, runs: list[_Run], calendar: BusinessTime) -> datetime | None:
    """When `seconds` had elapsed, or will have if the clock runs on from where it runs or stopped."""
    reached = _reached(seconds, runs, calendar)
    if reached is not None or not walk.steps:
        return reached
    last = walk.steps[-1]
    if last.motion is Motion.RUNNING:
        return _after(last.at, seconds - runs[-1].before, calendar)
    if last.motion is Motion.STOPPED:
        return _after(last.at, seconds - (runs[-1].before + runs[-1].seconds if runs else 0), calendar)
    return None


def _after(start: datetime, seconds: int, calendar: BusinessTime) -> datetime | None:
    """When that much service time will have passed; None when the calendar has no more of it."""
    try:
        return calendar.add(start, seconds)
    except (NeverOpens, OutOfReach):
        return None


def _read(
    definition: ClockDefinition,
    policy: Policy,
    walk: _Walk,
    runs: list[_Run],
    story: tuple[tuple[Stretch, ...], tuple[Threshold, ...], tuple[Retarget, ...]],
) -> Clock:
    if not walk.steps:
        return Clock(definition.name, ClockState.NOT_STARTED, Motion.NOT_STARTED, Verdict.NONE, walk.priority,
                     policy_version=policy.version)  # fmt: skip
    calendar, last = policy.calendar, walk.steps[-1]
    motion, target = last.motion, walk.target
    first = walk.steps[walk.anew]
    elapsed = runs[-1].before + runs[-1].seconds if runs else 0
    state, verdict = ClockState(motion), Verdict.NONE
    due_at = late_after = breached_at = next_at = None
    percent: int | None = None
    if motion is not Motion.CANCELLED:
        if target is None:
            state = ClockState.NO_TARGET
        else:
            due_at = _expected(target, walk, runs, calendar)
            if elapsed > target:
                verdict, breached_at = Verdict.BREACHED, due_at
            else:
                verdict = Verdict.MET if motion is Motion.STOPPED else Verdict.PENDING
            if motion is not Motion.STOPPED:
                following = due_at and _after(due_at, 1, calendar)
                late_after = following and following - _SECOND
                percent = next((p for p in policy.thresholds if elapsed < _share(target, p)), None)
                if percent is not None:
                    next_at = _expected(_share(target, percent), walk, runs, calendar)
    return Clock(
        definition.name, state, motion, verdict, walk.priority,
        first.at if first.anew else None,
        last.at if motion is Motion.STOPPED else None,
        elapsed, target, due_at, late_after, breached_at, percent, next_at, policy.version, *story,
    )  # fmt: skip


def _share(target: int, percent: int) -> int:
    """Seconds at which that share of the target is reached, rounded up so that 100 % is the whole."""
    return -(-target * percent // 100)


def _thresholds(policy: Policy, walk: _Walk, runs: list[_Run]) -> Iterable[Threshold]:
    if walk.target is None or not walk.steps or walk.steps[-1].motion is Motion.CANCELLED:
        return
    stopped = walk.steps[-1].motion is Motion.STOPPED
    for percent in policy.thresholds:
        seconds = _share(walk.target, percent)
        reached = _reached(seconds, runs, policy.calendar)
        at = reached or (None if stopped else _expected(seconds, walk, runs, policy.calendar))
        yield Threshold(percent, seconds, at, reached is not None)


def _stretches(walk: _Walk, calendar: BusinessTime, now: datetime) -> Iterable[Stretch]:
    """Every stretch of every round; those of no length are left out, and so is the rest after the last stop."""
    before = Motion.NOT_STARTED
    for position, step in enumerate(walk.steps, 1):
        end = walk.steps[position].at if position < len(walk.steps) else None
        over = end or now
        idle = step.motion in _STILL or (step.motion is Motion.STOPPED and end is None)
        if not idle and (over > step.at or end is None):
            why = step.because
            yield Stretch(step.motion, step.at, end, calendar.between(step.at, over) if over > step.at else 0,
                          _note(before, step), why.entry, why.actor, why.cause)  # fmt: skip
        before = step.motion


def _note(before: Motion, step: _Step) -> Note:
    if step.anew:
        return Note.STARTED if before is Motion.NOT_STARTED else Note.RESET
    if step.motion is Motion.PAUSED:
        return Note.PAUSED
    if step.motion is Motion.STOPPED:
        return Note.STOPPED
    return Note.REOPENED if before is Motion.STOPPED else Note.RESUMED


def _retargets(walk: _Walk, runs: list[_Run], calendar: BusinessTime) -> Iterable[Retarget]:
    """The targets of the present round, each with what had elapsed when it began to count."""
    for at, priority, target, why in walk.targets:
        elapsed = 0
        for run in runs:
            if run.start < at:
                elapsed = run.before + (run.seconds if run.end <= at else calendar.between(run.start, at))
        yield Retarget(at, priority, target, elapsed, why.entry, why.actor, why.cause)
