"""Workflows as pure tables: what is wrong with one, what a new version keeps, which steps a life may take."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnomon.records.kinds import kinds
from gnomon.workflow.tables import Move, Phase, State, Workflow, as_table, deviations, from_table

DOOR = Workflow(
    name="door",
    states=(
        State("open", Phase.OPEN, "Open"),
        State("ajar", Phase.WAITING, "Ajar"),
        State("shut", Phase.RESOLVED, "Shut"),
        State("locked", Phase.CLOSED, "Locked"),
    ),
    moves=(
        Move("pull", ("open",), "ajar", "Pull", who=("porter",)),
        Move("shut", ("open", "ajar"), "shut", "Shut", needs=("handle",), who=("porter",), clause="8.6.1"),
        Move("lock", ("shut",), "locked", "Lock", asks=("key",), who=("porter", "owner"), because=True),
        Move("unlock", ("locked", "shut"), "open", "Unlock", who=("owner",)),
    ),
)


# --- looking up -----------------------------------------------------------------------------------


def test_the_first_state_is_where_a_record_begins():
    assert DOOR.initial.name == "open"


def test_states_and_moves_are_found_by_name_and_their_absence_is_said():
    assert DOOR.state("ajar").phase is Phase.WAITING
    assert DOOR.phase("locked") is Phase.CLOSED
    assert DOOR.move("lock").end == "locked"
    with pytest.raises(LookupError, match=r"door has no state broken\."):
        DOOR.state("broken")
    with pytest.raises(LookupError, match=r"door has no move kick\."):
        DOOR.move("kick")


def test_what_is_open_from_a_state():
    assert [move.name for move in DOOR.moves_from("shut")] == ["lock", "unlock"]
    assert DOOR.moves_from("broken") == ()
    assert DOOR.within(Phase.OPEN, Phase.WAITING) == ("open", "ajar")
    assert DOOR.allows("open", "shut")
    assert not DOOR.allows("open", "open")
    assert not DOOR.allows("ajar", "open")


# --- faults ---------------------------------------------------------------------------------------


def test_a_sound_table_has_no_faults():
    assert DOOR.faults() == []


def test_every_workflow_of_the_house_is_sound():
    assert {kind.name: kind.workflow.faults() for kind in kinds() if kind.workflow.faults()} == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"states": ()}, "A workflow needs at least one state."),
        ({"states": (*DOOR.states, State("ajar", Phase.OPEN, "Again"))}, "State ajar is declared twice."),
        ({"moves": (*DOOR.moves, DOOR.moves[0])}, "Move pull is declared twice."),
        ({"moves": (*DOOR.moves, Move("kick", ("broken",), "open", ""))}, "Move kick starts from broken, which is no state."),
        ({"moves": (*DOOR.moves, Move("kick", ("open",), "broken", ""))}, "Move kick ends in broken, which is no state."),
        ({"moves": (*DOOR.moves, Move("kick", (), "open", ""))}, "Move kick starts from nowhere."),
        ({"states": (*DOOR.states, State("gone", Phase.CLOSED, "Gone"))}, "State gone cannot be reached."),
        ({"states": DOOR.states[:3], "moves": DOOR.moves[:2]}, "A workflow needs a state in the phase closed."),
        (
            {"states": (*DOOR.states, State("stuck", Phase.OPEN, "")), "moves": (*DOOR.moves, Move("jam", ("open",), "stuck", ""))},
            "State stuck is a dead end: nothing leads from it to a closed state.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(change, fault):
    assert replace(DOOR, **change).faults() == [fault]


# --- versions -------------------------------------------------------------------------------------


def test_a_new_version_may_add_and_rename_but_not_lose_or_turn():
    assert DOOR.keeps(DOOR) == []
    wider = replace(DOOR, states=(*DOOR.states, State("bolted", Phase.CLOSED, "Bolted")), version=2)
    assert wider.keeps(DOOR) == []
    assert DOOR.keeps(wider) == ["State bolted is gone; records may stand in it."]
    renamed = replace(DOOR, states=(State("open", Phase.OPEN, "Wide open"), *DOOR.states[1:]))
    assert renamed.keeps(DOOR) == []
    turned = replace(DOOR, states=(*DOOR.states[:1], State("ajar", Phase.CLOSED, "Ajar"), *DOOR.states[2:]))
    assert turned.keeps(DOOR) == ["State ajar was waiting and would become closed."]


# --- lives ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ([], []),
        (["open"], []),
        (["open", "ajar", "shut", "locked", "open"], []),
        (["open", "open", "ajar"], []),  # staying is no step
        (["ajar", "open"], [(1, "ajar", "open")]),
        (["open", "locked", "ajar"], [(1, "open", "locked"), (2, "locked", "ajar")]),
        (["open", "broken"], [(1, "open", "broken")]),
    ],
)
def test_steps_that_no_move_allows_are_named_with_their_place(path, steps):
    assert deviations(DOOR, path) == steps


# --- properties -----------------------------------------------------------------------------------

NAMES = st.sampled_from("abcdefg")
WORDS = st.text(max_size=6)
MOVES = st.builds(
    Move, name=st.text("mnopqr", min_size=1, max_size=2), starts=st.lists(NAMES, max_size=3).map(tuple), end=NAMES,
    title=WORDS, needs=st.lists(WORDS, max_size=2).map(tuple), asks=st.lists(WORDS, max_size=2).map(tuple),
    who=st.lists(WORDS, max_size=2).map(tuple), clause=WORDS, because=st.booleans(),
)  # fmt: skip
WORKFLOWS = st.builds(
    Workflow, name=WORDS,
    states=st.lists(st.builds(State, NAMES, st.sampled_from(Phase), WORDS), max_size=6).map(tuple),
    moves=st.lists(MOVES, max_size=8).map(tuple), version=st.integers(0, 99),
)  # fmt: skip


@st.composite
def sound_ones(draw):
    """States in a row: each is reached from an earlier one and leads to a later one, the last is closed; then more."""
    count = draw(st.integers(1, 6))
    phases = [*draw(st.lists(st.sampled_from(Phase), min_size=count - 1, max_size=count - 1)), Phase.CLOSED]
    names = [f"s{n}" for n in range(count)]
    steps = [(draw(st.integers(0, n - 1)), n) for n in range(1, count)]
    steps += [(n, draw(st.integers(n + 1, count - 1))) for n in range(count - 1)]
    steps += draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=4))
    moves = tuple(Move(f"m{at}", (names[a],), names[b], "") for at, (a, b) in enumerate(steps))
    return Workflow("drawn", tuple(State(n, p, n) for n, p in zip(names, phases, strict=True)), moves)


SOUND = sound_ones()
STATES = st.lists(st.sampled_from([f"s{n}" for n in range(6)]), max_size=8)


@given(SOUND)
def test_what_is_drawn_as_sound_is_found_sound(workflow):
    assert workflow.faults() == []


@given(SOUND, st.data())
def test_a_sound_table_without_one_of_its_states_is_not_sound(workflow, data):
    gone = data.draw(st.sampled_from(workflow.states))
    assert replace(workflow, states=tuple(s for s in workflow.states if s is not gone)).faults()


@given(WORKFLOWS)
def test_a_table_survives_being_stored(workflow):
    assert from_table(json.loads(json.dumps(as_table(workflow)))) == workflow


@given(WORKFLOWS)
def test_looking_for_faults_never_fails_and_speaks_in_sentences(workflow):
    assert all(fault.endswith(".") for fault in workflow.faults())


@given(SOUND)
def test_in_a_sound_table_every_state_is_reached_and_leads_to_an_end(workflow):
    """Worked out the slow way: all walks of as many steps as there are states."""
    names = [state.name for state in workflow.states]
    assert len(set(names)) == len(names)
    steps = {name: {move.end for move in workflow.moves if name in move.starts} for name in names}

    def within(start):
        there = {start}
        for _ in names:
            there |= {end for here in there for end in steps[here]}
        return there

    assert within(workflow.initial.name) == set(names)
    closed = set(workflow.within(Phase.CLOSED))
    assert all(within(name) & closed for name in names)


@given(WORKFLOWS, WORKFLOWS)
def test_a_version_keeps_another_when_each_of_its_states_is_there_with_its_phase(newer, older):
    kept = all(any(s.name == t.name and s.phase is t.phase for t in newer.states) for s in older.states)
    unambiguous = len({s.name for s in newer.states}) == len(newer.states)
    if unambiguous:
        assert (newer.keeps(older) == []) == kept
    assert newer.keeps(replace(newer, moves=())) == [] or not unambiguous


@given(SOUND, st.data())
def test_a_life_that_only_takes_moves_has_no_deviations(workflow, data):
    path = [workflow.initial.name]
    for _ in range(8):
        onward = workflow.moves_from(path[-1])
        if not onward:
            break
        path.append(data.draw(st.sampled_from(onward)).end)
    assert deviations(workflow, path) == []


@given(SOUND, STATES)
def test_deviations_are_exactly_the_steps_that_no_move_allows(workflow, path):
    found = deviations(workflow, path)
    assert [at for at, _a, _b in found] == [
        at for at in range(1, len(path)) if path[at - 1] != path[at] and not workflow.allows(path[at - 1], path[at])
    ]
    assert all((path[at - 1], path[at]) == (a, b) for at, a, b in found)


@pytest.mark.parametrize(
    "broken",
    [
        {}, {"name": "x"}, {"name": "x", "version": "two", "states": [], "moves": []},
        {"name": "x", "version": 1, "states": [{"name": "a", "phase": "asleep", "title": ""}], "moves": []},
        {"name": "x", "version": 1, "states": [{}], "moves": []},
        {"name": "x", "version": 1, "states": [], "moves": [{"name": "m"}]},
    ],
)  # fmt: skip
def test_a_stored_table_that_lacks_a_part_is_refused(broken):
    with pytest.raises((KeyError, ValueError)):
        from_table(broken)


def test_parts_that_were_added_later_may_be_missing_from_an_old_table():
    table = as_table(DOOR)
    for move in table["moves"]:
        for name in ("needs", "asks", "who", "clause", "because"):
            del move[name]
    assert from_table(table).move("lock") == Move("lock", ("shut",), "locked", "Lock")


def test_a_table_is_stored_in_words_even_when_its_titles_are_translated_later():
    for kind in kinds():
        stored = json.loads(json.dumps(as_table(kind.workflow)))
        assert from_table(stored).within(*Phase) == kind.workflow.within(*Phase)
