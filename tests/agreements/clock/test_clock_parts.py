"""The parts a clock is made of: the table of motions, conditions, definitions and policies as data."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from gnomon.agreements.clock.conditions import NEVER, Condition, any_of, in_phase, in_status, named
from gnomon.agreements.clock.definitions import RESOLVE, RESPOND, ClockDefinition
from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.motion import Holds, Motion, step
from gnomon.agreements.clock.policies import Policy
from gnomon.workflow.tables import Phase


@pytest.mark.parametrize("motion", [m for m in Motion if m is not Motion.STOPPED])
def test_cancel_beats_every_other_condition(motion):
    assert step(motion, 63, runs_on=True) == (Motion.CANCELLED, False)


@pytest.mark.parametrize("runs_on", [True, False])
def test_a_verdict_cannot_be_cancelled_away(runs_on):
    assert step(Motion.STOPPED, Holds.CANCEL | Holds.STOP, runs_on=runs_on) == (Motion.STOPPED, False)


@pytest.mark.parametrize(
    ("motion", "holds", "expected"),
    [
        (Motion.NOT_STARTED, Holds.START, Motion.RUNNING),
        (Motion.NOT_STARTED, Holds.START | Holds.PAUSE, Motion.PAUSED),
        (Motion.NOT_STARTED, Holds.START | Holds.PAUSE | Holds.STOP, Motion.STOPPED),
        (Motion.NOT_STARTED, Holds.RESUME | Holds.STOP | Holds.RESET, Motion.NOT_STARTED),
        (Motion.RUNNING, Holds.PAUSE | Holds.RESUME, Motion.PAUSED),
        (Motion.RUNNING, Holds.PAUSE | Holds.STOP, Motion.STOPPED),
        (Motion.RUNNING, Holds.START, Motion.RUNNING),
        (Motion.PAUSED, 0, Motion.PAUSED),
        (Motion.PAUSED, Holds.RESUME, Motion.RUNNING),
        (Motion.STOPPED, Holds.RESUME | Holds.STOP, Motion.STOPPED),
        (Motion.STOPPED, Holds.RESUME, Motion.RUNNING),
        (Motion.STOPPED, Holds.PAUSE, Motion.PAUSED),
        (Motion.STOPPED, 0, Motion.STOPPED),
        (Motion.CANCELLED, Holds.START | Holds.RESUME, Motion.CANCELLED),
        (Motion.CANCELLED, Holds.RESET, Motion.RUNNING),
        (Motion.STOPPED, Holds.RESET | Holds.STOP, Motion.STOPPED),
    ],
)
def test_the_first_condition_in_the_documented_order_decides(motion, holds, expected):
    assert step(motion, holds, runs_on=True)[0] is expected


@pytest.mark.parametrize("holds", [h for h in range(64) if not h & (Holds.CANCEL | Holds.RESET)])
def test_a_clock_that_does_not_run_on_stays_stopped(holds):
    assert step(Motion.STOPPED, holds, runs_on=False) == (Motion.STOPPED, False)


def test_a_condition_holds_in_its_phases_and_states_and_at_its_names(at):
    happening = Happening(at("2026-03-09 09:00"), 1, None, Phase.WAITING, "", "waiting", names=frozenset({"asked"}))
    assert in_phase(Phase.OPEN, Phase.WAITING).holds(happening)
    assert in_status("waiting").holds(happening)
    assert named("asked").holds(happening)
    assert any_of(named("answered"), in_phase(Phase.WAITING)).holds(happening)
    assert not any_of(named("answered"), in_phase(Phase.OPEN), in_status("new")).holds(happening)
    assert not NEVER.holds(happening)


@pytest.mark.parametrize("definition", [RESPOND, RESOLVE])
def test_a_definition_survives_being_stored_as_json(definition):
    assert ClockDefinition.from_dict(json.loads(json.dumps(definition.to_dict()))) == definition
    assert definition.faults() == []


def test_a_definition_that_would_surprise_people_says_so():
    assert replace(RESOLVE, start=NEVER).faults() == ["Clock resolve never starts."]
    assert replace(RESOLVE, stop=NEVER).faults() == ["Clock resolve never stops."]
    assert replace(RESOLVE, resume=NEVER).faults() == ["Clock resolve pauses and never resumes."]
    assert len(replace(RESOLVE, pause=named("asked")).faults()) == 1
    assert len(replace(RESOLVE, stop=named("solved")).faults()) == 1


def test_unknown_words_in_stored_definitions_are_refused():
    with pytest.raises(ValueError, match="not of colour"):
        Condition.from_dict({"colour": ["red"]})
    with pytest.raises(ValueError, match="asleep"):
        Condition.from_dict({"phases": ["asleep"]})
    with pytest.raises(ValueError, match="not please"):
        ClockDefinition.from_dict(RESOLVE.to_dict() | {"measure": "please"})


def test_a_policy_survives_being_stored_as_json(office_hours):
    policy = Policy("7", office_hours, {1: 3600, 4: None, None: 7200}, (80, 100), pauses=False)
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict())), office_hours) == policy


def test_a_policy_answers_with_the_priority_or_with_the_rest(office_hours):
    policy = Policy("7", office_hours, {1: 3600, 4: None, None: 7200})
    assert [policy.target(p) for p in (1, 2, 4, None)] == [3600, 7200, None, 7200]
    assert Policy("8", office_hours, {1: 3600}).target(2) is None


def test_a_policy_that_makes_no_sense_is_refused(office_hours):
    with pytest.raises(ValueError, match="None for no target"):
        Policy("1", office_hours, {1: 0})
    for thresholds in [(0, 50), (75, 50), (50, 50)]:
        with pytest.raises(ValueError, match="rise"):
            Policy("1", office_hours, {1: 60}, thresholds)


def test_clocks_can_be_read_without_a_framework_or_a_database():
    asked = (
        "import sys, gnomon.agreements.clock.derive, gnomon.agreements.clock.difference; print('django' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
