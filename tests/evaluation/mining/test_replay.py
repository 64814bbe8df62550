"""Replaying a record against its workflow: what deviates, exactly how, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.evaluation.mining.replay import (
    BEGUN,
    MISSING,
    REASON,
    ROLE,
    SKIPPED,
    UNKNOWN_MOVE,
    UNKNOWN_STATE,
    Replayed,
    Rules,
    Told,
    replay,
    skipped,
)
from gnomon.workflow.tables import Move, Phase, State, Workflow

HOUR = 3_600_000
FLOW = Workflow(
    "job",
    (
        State("new", Phase.OPEN, "New"), State("work", Phase.OPEN, "Work"), State("done", Phase.RESOLVED, "Done"),
        State("shut", Phase.CLOSED, "Shut"),
    ),
    (
        Move("start", ("new",), "work", "Start", who=("agent",)),
        Move("finish", ("work",), "done", "Finish", needs=("outcome",), who=("agent",)),
        Move("shut", ("done",), "shut", "Shut", who=("agent", "owner")),
        Move("again", ("done",), "work", "Again", because=True, who=("agent",)),
    ),
)  # fmt: skip
STRICT = Workflow("job", FLOW.states, FLOW.moves[:3], version=2)
ROLES = {"ann": frozenset({"agent"}), "zoe": frozenset({"requester"}), "none": frozenset[str]()}


def rules(*flows: Workflow) -> Rules:
    by_version = {flow.version: flow for flow in flows or (FLOW,)}
    return Rules(
        by_version.__getitem__, lambda move, _at: move.who, lambda who, _at: ROLES.get(who), frozenset({"outcome"})
    )


def life(*steps: tuple[Any, ...], later: int = 0) -> list[Told]:
    """Steps as verb, new status, further facts and actor; one an hour, told `later` milliseconds after."""
    told, status = [], None
    for hour, (verb, new, *more) in enumerate(steps):
        facts = {"status": [status, new], **(more[0] if more else {})}
        actor, because = (more[1] if len(more) > 1 else "ann"), (more[2] if len(more) > 2 else "")
        told.append(Told(hour * HOUR, hour * HOUR + later, verb, actor, because, facts))
        status = new
    return told


BORN = ("recorded", "new", {"workflow_version": [None, 1]})
OUT = {"outcome": ["", "mended"]}


def sorts(found: Replayed) -> list[tuple[str, str]]:
    return [(one.sort, one.detail) for one in found.deviations]


def test_a_record_that_went_as_it_should_does_not_deviate() -> None:
    found = replay(life(BORN, ("start", "work"), ("finish", "done", OUT), ("shut", "shut")), rules())
    assert found == Replayed(4, 0, ())


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([BORN, ("recorded", "new"), ("start", "work")], []),  # staying is no step to judge
        ([BORN, ("shut", "shut")], [(SKIPPED, "work,done")]),
        ([BORN, ("start", "work"), ("finish", "done", OUT), ("changed", "new")], [(UNKNOWN_MOVE, "")]),
        ([BORN, ("changed", "odd"), ("changed", "work")], [(UNKNOWN_STATE, "odd"), (UNKNOWN_STATE, "odd")]),
        ([("recorded", "work", {"workflow_version": [None, 1]})], [(BEGUN, "new")]),
        ([BORN, ("start", "work"), ("finish", "done")], [(MISSING, "outcome")]),
        ([BORN, ("start", "work"), ("finish", "done", {"outcome": ["", "  "]})], [(MISSING, "outcome")]),
        ([BORN, ("start", "work"), ("changed", "done")], [(MISSING, "outcome")]),
        ([BORN, ("start", "work", {}, "zoe")], [(ROLE, "requester")]),
        ([BORN, ("start", "work", {}, "none")], [(ROLE, "")]),
        ([BORN, ("start", "work", {}, "stranger")], []),
        ([BORN, ("start", "work"), ("finish", "done", OUT), ("again", "work")], [(REASON, "")]),
        ([BORN, ("start", "work"), ("finish", "done", OUT), ("again", "work", {}, "ann", "Broke")], []),
        ([BORN, ("start", "work"), ("finish", "done", {}, "zoe")], [(MISSING, "outcome"), (ROLE, "requester")]),
    ],
)
def test_each_deviation_is_named_exactly(steps: list[Any], expected: list[tuple[str, str]]) -> None:
    found = replay(life(*steps), rules())
    assert sorts(found) == expected
    assert found.steps == len(steps)
    assert found.bad_steps == len({one.at for one in found.deviations})


def test_a_deviation_tells_where_from_where_to_when_and_by_which_version() -> None:
    (one,) = replay(life(BORN, ("start", "work"), ("finish", "done", OUT), ("changed", "new")), rules()).deviations
    assert (one.start, one.end, one.verb, one.version, one.at) == ("done", "new", "changed", 1, 3 * HOUR)


def test_history_told_later_is_not_asked_who_did_it_and_why() -> None:
    steps = life(
        BORN, ("start", "work", {}, "zoe"), ("finish", "done", OUT, "zoe"), ("again", "work", {}, "zoe"), later=HOUR
    )
    assert replay(steps, rules()).deviations == ()
    assert replay(life(BORN, ("shut", "shut"), later=HOUR), rules()).deviations[0].is_told_later


def test_each_step_is_held_to_the_version_of_its_moment() -> None:
    """What the first version allowed is no deviation because the second, to which the record went later, does not."""
    reopened = [BORN, ("start", "work"), ("finish", "done", OUT), ("again", "work", {}, "ann", "Broke"),
                ("finish", "done"), ("migrated", "done", {"workflow_version": [1, 2]})]  # fmt: skip
    both = rules(FLOW, STRICT)
    assert replay(life(*reopened), both).deviations == ()
    (one,) = replay(life(*reopened, ("again", "work", {}, "ann", "Broke")), both).deviations
    assert (one.sort, one.version) == (UNKNOWN_MOVE, 2)


def test_entries_that_leave_the_status_alone_are_no_steps() -> None:
    told = life(BORN)
    told.append(Told(5, 5, "commented", "zoe", "", {"text": [None, "Hm"]}))
    assert replay(told, rules()) == Replayed(1, 0, ())
    assert replay([], rules()) == Replayed(0, 0, ())


def test_only_states_ahead_are_skipped() -> None:
    assert skipped(FLOW, "new", "shut") == ["work", "done"]
    assert skipped(FLOW, "new", "done") == ["work"]
    assert skipped(FLOW, "shut", "new") == []
    assert skipped(FLOW, "done", "new") == []


@given(st.lists(st.sampled_from(("start", "finish", "shut", "again")), max_size=12))
def test_whatever_the_table_allows_never_deviates(wishes: list[str]) -> None:
    status, steps = "new", [BORN]
    for wish in wishes:
        move = FLOW.move(wish)
        if status in move.starts:
            steps.append((wish, move.end, dict(OUT), "ann", "Since"))
            status = move.end
    found = replay(life(*steps), rules())
    assert (found.bad_steps, found.steps) == (0, len(steps))
