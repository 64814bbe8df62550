"""What must be true of every clock over every history, and a slow stopwatch that must agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.agreements.clock.conditions import named
from gnomon.agreements.clock.definitions import RESOLVE, RESPOND
from gnomon.agreements.clock.derive import derive, derive_final, derive_verdict
from gnomon.agreements.clock.difference import difference
from gnomon.agreements.clock.happenings import Happening, in_order
from gnomon.agreements.clock.motion import Motion
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clock.readings import ClockState, Verdict
from gnomon.workflow.tables import Phase

ZERO = datetime(2026, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAYS = 4
DEFINITIONS = (RESPOND, RESOLVE, replace(RESOLVE, name="anew", reset=named("handed_over")))


@dataclass(frozen=True)
class DailyHours:
    """Open from one minute of each UTC day to another; counted minute by minute."""

    opens: int
    closes: int

    def is_open(self, minute: int) -> bool:
        return self.opens <= minute % 1440 < self.closes

    def between(self, start: datetime, end: datetime) -> int:
        def passed(moment: datetime) -> int:
            days, rest = divmod(int((moment - ZERO).total_seconds()), 86400)
            return days * 60 * (self.closes - self.opens) + min(
                max(rest - 60 * self.opens, 0), 60 * (self.closes - self.opens)
            )

        return passed(end) - passed(start)

    def add(self, start: datetime, seconds: int) -> datetime:
        days, rest = divmod(self.between(ZERO, start) + seconds, 60 * (self.closes - self.opens))
        if seconds and not rest:  # the first moment at which it is reached is a closing, not the next opening
            days, rest = days - 1, 60 * (self.closes - self.opens)
        return ZERO + timedelta(days=days, seconds=60 * self.opens + rest) if seconds else start


calendars = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda pair: DailyHours(min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
)
places = st.sampled_from(
    [
        ("new", Phase.OPEN), ("in_progress", Phase.OPEN), ("waiting", Phase.WAITING),
        ("resolved", Phase.RESOLVED), ("closed", Phase.CLOSED), ("cancelled", Phase.CLOSED),
    ]
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """Up to nine entries in four days, told in any order; moments may coincide."""
    told: list[Happening] = []
    status, phase = "", None
    minutes = sorted(draw(st.lists(st.integers(0, DAYS * 1440), min_size=1, max_size=9)))
    for entry, minute in enumerate(minutes, 1):
        after_status, after = draw(places)
        names = draw(st.frozensets(st.sampled_from(["responded", "handed_over", "commented"]), max_size=1))
        at, priority = ZERO + minute * MINUTE, draw(st.integers(1, 3))
        told.append(Happening(at, entry, phase, after, status, after_status, priority, names))
        status, phase = after_status, after
    return told


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    target = st.none() | st.integers(1, 2000).map(lambda minutes: 60 * minutes)
    return Policy(
        "1", draw(calendars), {p: draw(target) for p in (1, 2, 3)}, (50, 75, 90, 100), pauses=draw(st.booleans())
    )  # fmt: skip


cases = {
    "definition": st.sampled_from(DEFINITIONS),
    "policy": policies(),
    "history": histories(),
    "asked": st.integers(0, (DAYS + 2) * 1440).map(lambda minute: ZERO + minute * MINUTE),
}


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_a_stopwatch_held_minute_by_minute_agrees(definition, policy, history, asked):  # noqa: PLR0912
    """An independent reading: walk every minute, look at what holds, and count."""
    motion, elapsed, target, priority, began, reached = "idle", 0, None, None, None, {}
    minute, waiting, stops_at = 0, list(history), None
    while ZERO + minute * MINUTE <= asked:
        while waiting and waiting[0].at <= ZERO + minute * MINUTE:
            told = waiting.pop(0)
            holds = {part for part in ("start", "pause", "resume", "stop", "reset", "cancel")
                     if getattr(definition, part).holds(told)}  # fmt: skip
            if not policy.pauses:
                holds.discard("pause")
            if motion in ("running", "paused") and told.priority != priority:
                target = policy.targets[told.priority]
            priority, was = told.priority, motion
            if "cancel" in holds and motion != "stopped":
                motion = "cancelled"
            elif (motion == "idle" and "start" in holds) or (motion != "idle" and "reset" in holds):
                began, elapsed, reached, target = told.at, 0, {}, policy.targets[priority]
                motion = "stopped" if "stop" in holds else "paused" if "pause" in holds else "running"
                stops_at = told.at if motion == "stopped" else None
            elif motion in ("running", "paused", "stopped"):
                if "stop" in holds:
                    motion = "stopped"
                elif motion == "stopped" and not definition.runs_on:
                    pass
                elif "pause" in holds:
                    motion = "paused"
                elif "resume" in holds:
                    motion = "running"
                if motion == "stopped" and was != "stopped":
                    stops_at = told.at
                elif was == "stopped" and motion != "stopped":
                    stops_at, target = None, policy.targets[priority]
        if ZERO + minute * MINUTE == asked:
            break
        if motion == "running" and policy.calendar.is_open(minute):
            elapsed += 60
            reached.setdefault(elapsed, ZERO + (minute + 1) * MINUTE)
        minute += 1

    clock = derive(definition, policy, history, asked)
    assert clock.motion.value == motion.replace("idle", "not_started")
    assert (clock.elapsed_seconds, clock.started_at) == (elapsed, began)
    assert clock.stopped_at == stops_at
    if began is not None and motion != "cancelled":
        assert clock.target_seconds == target
        over = target is not None and elapsed > target
        assert clock.breached_at == (reached[target] if over else None)
        assert clock.met is (False if over else True if target is not None and motion == "stopped" else None)
        assert (clock.state is ClockState.NO_TARGET) == (target is None)


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_run_paused_and_stopped_time_add_up_to_the_time_between(definition, policy, history, asked):
    clock = derive(definition, policy, history, asked)
    assert clock.elapsed_seconds == clock.seconds(Motion.RUNNING)
    for stretch in clock.stretches:
        assert stretch.seconds == policy.calendar.between(stretch.start, stretch.end or asked)
    own = [s for s in clock.stretches if clock.started_at is not None and s.start >= clock.started_at]
    for one, following in pairwise(own):
        assert one.end == following.start
    if own:
        whole = policy.calendar.between(own[0].start, own[-1].end or asked)
        assert whole == sum(clock.seconds(kind) for kind in (Motion.RUNNING, Motion.PAUSED, Motion.STOPPED))


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_a_target_runs_out_exactly_when_that_much_has_elapsed(definition, policy, history, asked):
    clock = derive(definition, policy, history, asked)
    if clock.breached_at is None:
        return
    spent = sum(
        policy.calendar.between(s.start, min(s.end or asked, clock.breached_at))
        for s in clock.stretches
        if s.kind is Motion.RUNNING and clock.started_at <= s.start < clock.breached_at
    )
    assert spent == clock.target_seconds < clock.elapsed_seconds


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_thresholds_rise_and_the_next_is_the_first_not_reached(definition, policy, history, asked):
    clock = derive(definition, policy, history, asked)
    known = [t.at for t in clock.thresholds if t.at is not None]
    assert known == sorted(known)
    assert [t.reached for t in clock.thresholds] == [clock.elapsed_seconds >= t.seconds for t in clock.thresholds]
    assert all(t.at <= asked for t in clock.thresholds if t.reached)
    pending = [t for t in clock.thresholds if not t.reached]
    if clock.motion in (Motion.RUNNING, Motion.PAUSED) and pending:
        assert (clock.next_threshold, clock.next_threshold_at) == (pending[0].percent, pending[0].at)
    else:
        assert clock.next_threshold is None


@given(**cases, later=st.integers(0, 3 * 1440))
@settings(max_examples=60, deadline=None)
def test_what_comes_later_never_changes_the_stretches_before_it(definition, policy, history, asked, later):
    early = derive(definition, policy, history, asked)
    late = derive(definition, policy, history, asked + later * MINUTE)
    known = [h for h in history if h.at <= asked]
    assert derive(definition, policy, known, asked) == early
    for then, now in zip(early.stretches, late.stretches, strict=False):
        if then.end is not None or (now.end is None and later == 0):
            assert then == now
        else:
            assert then[:2] == now[:2]
            assert (now.end or asked) >= asked
    closed = [s for s in early.stretches if s.end is not None]
    assert list(late.stretches[: len(closed)]) == closed
    if early.motion is Motion.STOPPED and all(h.at <= asked for h in history):
        assert late == early


@given(**cases, data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_order_of_telling_does_not_matter(definition, policy, history, asked, data):
    told = data.draw(st.permutations(history))
    assert derive(definition, policy, told, asked) == derive(definition, policy, history, asked)
    assert in_order(told) == history


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_the_quick_reading_equals_the_full_one(definition, policy, history, asked):
    full = derive(definition, policy, history, asked)
    assert derive_final(definition, policy, history, asked) == replace(full, stretches=(), thresholds=(), retargets=())
    judged = derive_verdict(definition, policy, history, asked)
    assert (judged.motion, judged.stopped_at) == (full.motion, full.stopped_at)
    if full.motion not in (Motion.RUNNING, Motion.PAUSED):
        assert judged.met == full.met


@given(**cases, later=st.integers(0, 4 * 1440))
@settings(max_examples=60, deadline=None)
def test_due_times_foretell_what_will_be_read(definition, policy, history, asked, later):
    """A projection may say who is late without reading the clock again."""
    known = [h for h in history if h.at <= asked]
    clock = derive(definition, policy, known, asked)
    then = derive(definition, policy, known, asked + later * MINUTE)
    foretold = clock.breached_at is not None or (
        clock.late_after is not None and clock.late_after < asked + later * MINUTE
    )
    assert (then.verdict is Verdict.BREACHED) == foretold
    if clock.due_at is not None:
        assert then.due_at == clock.due_at
    if clock.next_threshold_at is not None:
        reached = next(t for t in then.thresholds if t.percent == clock.next_threshold).reached
        assert reached == (clock.next_threshold_at <= asked + later * MINUTE)


@given(**cases, other=policies())
@settings(max_examples=50, deadline=None)
def test_a_preview_shows_a_difference_when_there_is_one(definition, policy, history, asked, other):
    before, after = derive_final(definition, policy, history, asked), derive_final(definition, other, history, asked)
    assert difference(before, before).is_empty
    preview = difference(before, after)
    assert preview.is_empty == difference(after, before).is_empty
    assert preview.would_breach == difference(after, before).would_be_saved
    assert preview.gains_target == difference(after, before).loses_target
    if preview.due_moves_by is not None:
        assert before.due_at + preview.due_moves_by == after.due_at
