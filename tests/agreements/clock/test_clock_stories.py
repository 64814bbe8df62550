"""Clocks as the people who work under them meet them; each number worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from gnomon.agreements.clock.conditions import named
from gnomon.agreements.clock.definitions import RESOLVE, RESPOND
from gnomon.agreements.clock.derive import derive, derive_final
from gnomon.agreements.clock.difference import difference
from gnomon.agreements.clock.motion import Motion
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clock.readings import ClockState, Note, Verdict
from gnomon.calendars.calendar import Calendar

HOUR = 3600
DAY = 9 * HOUR  # a working day, 09:00–18:00

pytestmark = pytest.mark.clause("8.3.3")


@pytest.fixture
def gold(office_hours):
    """One working day for priority 3, five hours for priority 2."""
    return Policy("SLA-000001/4", office_hours, {3: DAY, 2: 5 * HOUR})


# --- golden (a): a weekend's pause, a priority raised meanwhile -----------------------------------


def test_a_pause_over_the_weekend_moves_the_deadline_by_the_paused_working_time(gold, office_hours, at, life):
    opened = ("2026-03-13 14:00", "in_progress", 3)  # a Friday
    without = derive(RESOLVE, gold, life(opened), at("2026-03-16 10:30"))
    paused = derive(
        RESOLVE,
        gold,
        life(opened, ("2026-03-13 17:00", "waiting"), ("2026-03-16 10:00", "in_progress")),
        at("2026-03-16 10:30"),
    )

    # Fri 14–18 is 4 h; the other 5 h of the day end on Mon 14:00.
    assert without.due_at == at("2026-03-16 14:00")
    # Fri 14–17 is 3 h; the other 6 h start on Mon 10:00.
    assert paused.due_at == at("2026-03-16 16:00")
    # Fri 17–18 and Mon 09–10 are two working hours: the pause, and the way the deadline moved.
    assert paused.seconds(Motion.PAUSED) == 2 * HOUR
    assert office_hours.between(without.due_at, paused.due_at) == 2 * HOUR


def test_a_priority_raised_while_paused_keeps_what_had_elapsed_and_what_was_paused(gold, at, life):
    story = life(
        ("2026-03-13 14:00", "in_progress", 3),
        ("2026-03-13 17:00", "waiting"),
        ("2026-03-14 11:00", 2),
        ("2026-03-16 10:00", "in_progress"),
    )
    asked = derive(RESOLVE, gold, story, at("2026-03-14 12:00"))
    assert (asked.state, asked.due_at, asked.remaining_seconds) == (ClockState.PAUSED, None, 2 * HOUR)

    # Five hours, of which Fri 14–17 took three; two are left from Mon 10:00.
    clock = derive(RESOLVE, gold, story, at("2026-03-16 10:30"))
    assert clock.target_seconds == 5 * HOUR
    assert clock.due_at == at("2026-03-16 12:00")
    # The same priority all along and no pause: Fri 14–18 and Mon 09–10. Two working hours earlier, as in the pause.
    unpaused = derive(RESOLVE, gold, life(("2026-03-13 14:00", "in_progress", 2)), at("2026-03-16 09:30"))
    assert unpaused.due_at == at("2026-03-16 10:00")
    assert [(r.priority, r.target_seconds, r.elapsed_seconds) for r in clock.retargets] == [
        (3, DAY, 0),
        (2, 5 * HOUR, 3 * HOUR),
    ]


def test_a_priority_raised_late_finds_the_target_already_run_out(gold, at, life):
    story = life(("2026-03-11 09:00", "in_progress", 3), ("2026-03-11 16:00", 2))
    clock = derive(RESOLVE, gold, story, at("2026-03-11 16:00"))

    # Seven hours had elapsed; the five of priority 2 were over at 14:00, two hours before anyone raised it.
    assert clock.verdict is Verdict.BREACHED
    assert clock.breached_at == clock.due_at == at("2026-03-11 14:00")
    assert clock.remaining_seconds == -2 * HOUR


# --- golden (b): solved and reopened --------------------------------------------------------------


def test_time_between_solving_and_reopening_is_neither_waiting_nor_work(gold, at, life):
    story = life(
        ("2026-03-09 09:00", "in_progress", 3),  # a Monday
        ("2026-03-09 11:00", "waiting"),
        ("2026-03-09 12:00", "in_progress"),
        ("2026-03-09 14:00", "resolved"),
        ("2026-03-12 14:00", "in_progress"),  # three days later
        ("2026-03-12 15:30", "resolved"),
    )
    clock = derive(RESOLVE, gold, story, at("2026-03-20 09:00"))

    # Worked: Mon 09–11, Mon 12–14, Thu 14:00–15:30.
    assert clock.elapsed_seconds == 5.5 * HOUR
    assert clock.seconds(Motion.RUNNING) == 5.5 * HOUR
    # Waited: Mon 11–12.
    assert clock.seconds(Motion.PAUSED) == HOUR
    # Stopped: Mon 14–18, Tue, Wed, Thu 09–14 = 4 + 9 + 9 + 5.
    assert clock.seconds(Motion.STOPPED) == 27 * HOUR
    assert (clock.state, clock.verdict, clock.stopped_at) == (ClockState.STOPPED, Verdict.MET, at("2026-03-12 15:30"))
    assert [(s.note, s.entry) for s in clock.stretches] == [
        (Note.STARTED, 1),
        (Note.PAUSED, 2),
        (Note.RESUMED, 3),
        (Note.STOPPED, 4),
        (Note.REOPENED, 5),
    ]


def test_a_verdict_can_turn_when_a_solved_incident_is_reopened(gold, at, life):
    story = life(
        ("2026-03-09 09:00", "in_progress", 3),
        ("2026-03-09 17:00", "resolved"),
        ("2026-03-10 09:00", "in_progress"),
        ("2026-03-10 11:00", "resolved"),
    )
    assert derive(RESOLVE, gold, story, at("2026-03-09 20:00")).met is True  # 8 of 9 hours
    clock = derive(RESOLVE, gold, story, at("2026-03-11 09:00"))
    assert clock.met is False  # 8 + 2 of 9
    assert clock.breached_at == at("2026-03-10 10:00")


# --- golden (c): another version of the policy or calendar ----------------------------------------


def test_editing_a_policy_leaves_verdicts_alone_and_shows_what_open_clocks_would_change(office_hours, at, life):
    agreed = Policy("SLA-000001/4", office_hours, {3: DAY})
    stricter = Policy("SLA-000001/5", office_hours, {3: 4 * HOUR})
    solved = life(("2026-03-09 09:00", "in_progress", 3), ("2026-03-09 15:00", "resolved"))
    now = at("2026-03-10 10:00")

    yesterday = derive(RESOLVE, agreed, solved, at("2026-03-09 18:00"))
    assert yesterday.met is True  # six hours of nine
    # The record is pinned to version 4, so nothing moves, whenever one asks.
    assert derive(RESOLVE, agreed, solved, now) == yesterday

    still_open = life(("2026-03-10 09:00", "in_progress", 3))
    preview = difference(derive(RESOLVE, agreed, still_open, now), derive(RESOLVE, stricter, still_open, now))
    assert preview.due_moves_by == timedelta(hours=-5)  # from 18:00 to 13:00
    assert preview.remaining_changes_by == -5 * HOUR
    assert not preview.would_breach

    afternoon = at("2026-03-10 14:00")
    late = difference(
        derive(RESOLVE, agreed, still_open, afternoon), derive(RESOLVE, stricter, still_open, afternoon)
    )  # fmt: skip
    assert late.would_breach
    assert late.after.breached_at == at("2026-03-10 13:00")


def test_editing_a_calendar_leaves_verdicts_alone_and_shows_what_open_clocks_would_change(china, at, life):
    closed = china.with_dates(closed=[date(2026, 3, 10)])  # a Tuesday becomes a day off
    agreed, edited = Policy("CAL-000001/1", china, {3: DAY}), Policy("CAL-000001/2", closed, {3: DAY})
    solved = life(("2026-03-09 14:00", "in_progress", 3), ("2026-03-10 17:00", "resolved"))
    pinned = derive(RESOLVE, agreed, solved, at("2026-03-10 18:00"))
    assert pinned.met is False  # Mon 14–18 and Tue 09–17: twelve of nine hours
    assert derive(RESOLVE, agreed, solved, at("2026-06-01 09:00")) == pinned

    still_open = life(("2026-03-09 14:00", "in_progress", 3))
    now = at("2026-03-09 15:00")
    preview = difference(derive(RESOLVE, agreed, still_open, now), derive(RESOLVE, edited, still_open, now))
    assert preview.due_moves_by == timedelta(days=1)  # five hours of Tuesday are now five of Wednesday
    assert preview.remaining_changes_by == 0


# --- golden (d): make-up workdays -----------------------------------------------------------------


def test_a_make_up_sunday_counts_and_the_new_year_does_not(china, at, life):
    story = life(("2025-12-31 16:00", "in_progress", 3))  # a Wednesday
    policy = Policy("SLA-000001/4", china, {3: DAY})
    # Wed 16–18 is 2 h; Thursday to Saturday are the holiday; the other 7 h are Sunday 4 January, 09–16.
    assert derive(RESOLVE, policy, story, at("2026-01-03 20:00")).elapsed_seconds == 2 * HOUR
    clock = derive(RESOLVE, policy, story, at("2026-01-04 12:00"))
    assert clock.elapsed_seconds == 5 * HOUR
    assert clock.due_at == at("2026-01-04 16:00")


def test_a_calendar_that_never_opens_again_promises_no_due_time(at, life):
    once = Calendar.from_definition({"time_zone": "UTC", "week": {}, "open": {"2026-03-09": [["09:00", "10:00"]]}})
    clock = derive(RESOLVE, Policy("1", once, {3: DAY}), life(("2026-03-09 09:00", "new", 3)), at("2026-03-20 09:00"))
    assert (clock.state, clock.elapsed_seconds, clock.due_at) == (ClockState.RUNNING, HOUR, None)


# --- one clock beside another ---------------------------------------------------------------------


def test_waiting_stops_the_clock_to_resolve_but_not_the_one_to_respond(office_hours, at, life):
    story = life(
        ("2026-03-09 09:00", "new", 3),
        ("2026-03-09 10:00", "waiting"),
        ("2026-03-09 13:00", "in_progress", "responded!"),
    )
    now = at("2026-03-09 14:00")
    respond = derive(RESPOND, Policy("1", office_hours, {3: 2 * HOUR}, pauses=False), story, now)
    lenient = derive(RESPOND, Policy("2", office_hours, {3: 2 * HOUR}), story, now)
    resolve = derive(RESOLVE, Policy("1", office_hours, {3: 4 * HOUR}), story, now)

    assert (respond.met, respond.elapsed_seconds, respond.breached_at) == (False, 4 * HOUR, at("2026-03-09 11:00"))
    assert (lenient.met, lenient.elapsed_seconds) == (True, HOUR)
    assert (resolve.met, resolve.elapsed_seconds) == (None, 2 * HOUR)


def test_a_response_is_not_taken_back_when_the_incident_is_reopened(office_hours, at, life):
    story = life(
        ("2026-03-09 09:00", "new", 3),
        ("2026-03-09 10:00", "resolved"),
        ("2026-03-10 10:00", "in_progress"),
        ("2026-03-10 11:00", "waiting"),
    )
    clock = derive(RESPOND, Policy("1", office_hours, {3: 2 * HOUR}), story, at("2026-03-11 09:00"))
    assert (clock.state, clock.elapsed_seconds, clock.stopped_at) == (ClockState.STOPPED, HOUR, at("2026-03-09 10:00"))


def test_a_cancelled_clock_has_no_verdict(gold, at, life):
    story = life(("2026-03-09 09:00", "new", 3), ("2026-03-12 09:00", "cancelled"))
    clock = derive(RESOLVE, gold, story, at("2026-03-13 09:00"))
    assert (clock.state, clock.verdict, clock.met, clock.due_at) == (ClockState.CANCELLED, Verdict.NONE, None, None)


def test_no_target_is_a_state_of_its_own_and_judges_nobody(gold, at, life):
    story = life(("2026-03-09 09:00", "new", 4), ("2026-03-20 09:00", "resolved"))
    running = derive(RESOLVE, gold, story, at("2026-03-10 09:00"))
    assert (running.state, running.motion, running.met) == (ClockState.NO_TARGET, Motion.RUNNING, None)
    stopped = derive(RESOLVE, gold, story, at("2026-03-21 09:00"))
    assert (stopped.state, stopped.motion, stopped.met) == (ClockState.NO_TARGET, Motion.STOPPED, None)


def test_a_target_that_comes_later_counts_from_the_start(gold, at, life):
    story = life(("2026-03-09 09:00", "new", 4), ("2026-03-09 12:00", 2))
    clock = derive(RESOLVE, gold, story, at("2026-03-09 13:00"))
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, at("2026-03-09 14:00"))


def test_a_priority_changed_after_solving_does_not_touch_the_verdict(gold, at, life):
    solved = [("2026-03-09 09:00", "new", 3), ("2026-03-09 17:00", "resolved")]
    raised = [*solved, ("2026-03-09 17:30", 2)]
    now = at("2026-03-10 09:30")
    assert derive(RESOLVE, gold, life(*raised), now).met is True  # eight of nine hours
    # Reopened, it runs against the five hours of its new priority.
    again = derive(RESOLVE, gold, life(*raised, ("2026-03-10 09:00", "in_progress")), now)
    assert (again.target_seconds, again.breached_at) == (5 * HOUR, at("2026-03-09 14:00"))


def test_a_target_that_runs_out_at_closing_time_is_kept_until_the_doors_open_again(gold, at, life):
    story = [("2026-03-08 20:00", "new", 3)]  # Sunday night: the clock has Monday 09–18
    evening = derive(RESOLVE, gold, life(*story), at("2026-03-09 20:00"))
    assert (evening.due_at, evening.verdict, evening.remaining_seconds) == (
        at("2026-03-09 18:00"),
        Verdict.PENDING,
        0,
    )
    assert evening.late_after == at("2026-03-10 09:00")
    solved = derive(RESOLVE, gold, life(*story, ("2026-03-09 20:00", "resolved")), at("2026-03-20 09:00"))
    assert (solved.met, solved.due_at) == (True, at("2026-03-09 18:00"))
    assert (solved.thresholds[-1].at, solved.thresholds[-1].reached) == (at("2026-03-09 18:00"), True)
    morning = derive(RESOLVE, gold, life(*story), at("2026-03-10 09:01"))
    assert (morning.verdict, morning.breached_at) == (Verdict.BREACHED, at("2026-03-09 18:00"))


def test_thresholds_say_when_each_share_was_or_will_be_reached(gold, at, life):
    story = life(
        ("2026-03-13 14:00", "in_progress", 2), ("2026-03-13 17:00", "waiting"), ("2026-03-16 10:00", "assigned")
    )
    paused = derive(RESOLVE, gold, story, at("2026-03-14 09:00"))
    assert [(t.percent, t.at, t.reached) for t in paused.thresholds] == [
        (50, at("2026-03-13 16:30"), True),  # 2.5 of 5 h
        (75, None, False),
        (90, None, False),
        (100, None, False),
    ]
    running = derive(RESOLVE, gold, story, at("2026-03-16 10:10"))
    # 75 % is 3 h 45 min, 45 min after Mon 10:00; 90 % is 4 h 30 min.
    assert [t.at for t in running.thresholds[1:]] == [
        at("2026-03-16 10:45"),
        at("2026-03-16 11:30"),
        at("2026-03-16 12:00"),
    ]
    assert (running.next_threshold, running.next_threshold_at) == (75, at("2026-03-16 10:45"))


def test_a_clock_that_is_reset_begins_anew_and_keeps_its_old_stretches_to_show(gold, at, life):
    definition = replace(RESOLVE, reset=named("handed_over"))
    story = life(
        ("2026-03-09 09:00", "new", 3), ("2026-03-09 12:00", "assigned", "handed_over!"), ("2026-03-09 14:00", 2)
    )
    clock = derive(definition, gold, story, at("2026-03-09 15:00"))
    assert (clock.started_at, clock.elapsed_seconds) == (at("2026-03-09 12:00"), 3 * HOUR)
    assert clock.due_at == at("2026-03-09 17:00")  # five hours from 12:00
    assert [(s.note, s.seconds) for s in clock.stretches] == [(Note.STARTED, 3 * HOUR), (Note.RESET, 3 * HOUR)]
    assert [r.elapsed_seconds for r in clock.retargets] == [0, 2 * HOUR]


def test_what_was_told_out_of_order_is_put_in_the_order_in_which_it_happened(gold, at, life):
    story = life(
        ("2026-03-09 09:00", "new", 3), ("2026-03-09 11:00", "waiting"), ("2026-03-09 13:00", "assigned")
    )  # fmt: skip
    now = at("2026-03-09 15:00")
    readings = {repr(derive(RESOLVE, gold, list(order), now)) for order in permutations(story)}
    assert len(readings) == 1
    assert derive(RESOLVE, gold, story, now).elapsed_seconds == 4 * HOUR  # 09–11 and 13–15


def test_a_clock_can_be_read_as_of_any_day(gold, at, life):
    story = life(("2026-03-09 09:00", "new", 3), ("2026-03-10 09:00", "resolved"))
    assert derive(RESOLVE, gold, story, at("2026-03-08 09:00")).state is ClockState.NOT_STARTED
    assert derive(RESOLVE, gold, story, at("2026-03-09 10:00")).state is ClockState.RUNNING
    assert derive(RESOLVE, gold, story, at("2026-03-11 09:00")).state is ClockState.STOPPED


def test_reading_in_bulk_asks_the_calendar_little(office_hours, at, life):
    """An import reads fifty thousand clocks: one question for each stretch that ran, and three projections."""
    asked = []

    class Counted:
        def add(self, start, seconds):
            asked.append("add")
            return office_hours.add(start, seconds)

        def between(self, start, end):
            asked.append("between")
            return office_hours.between(start, end)

    story = life(
        ("2026-03-09 09:00", "new", 3),
        ("2026-03-09 10:00", "assigned"),
        ("2026-03-09 11:00", "waiting"),
        ("2026-03-09 12:00", "assigned"),
        ("2026-03-09 13:00", "commented!"),
    )
    derive_final(RESOLVE, Policy("1", Counted(), {3: DAY}), story, at("2026-03-09 14:00"))
    assert sorted(asked) == ["add", "add", "add", "between", "between"]
