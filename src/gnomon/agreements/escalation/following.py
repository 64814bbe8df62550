"""Keep the escalations of a record in step with its clocks; done again at will with the same result (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from gnomon.agreements.clock.definitions import RESOLVE, RESPOND, TEAM, ClockDefinition
from gnomon.agreements.clock.derive import derive_final, moments
from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.motion import Motion
from gnomon.agreements.clock.policies import Policy
from gnomon.agreements.clocks import history_of
from gnomon.agreements.escalation import choosing
from gnomon.agreements.escalation.entries import leave
from gnomon.agreements.escalation.steps import Step, steps_from
from gnomon.agreements.histories import History
from gnomon.agreements.models import Escalation, EscalationPolicy, EscalationStep
from gnomon.agreements.policies import PolicyOf, policy_of, read_clock
from gnomon.agreements.team_clocks import pins_of, turns_of
from gnomon.calendars.calendar import Calendar
from gnomon.calendars.refusals import NeverOpens
from gnomon.jobs.questions import Question
from gnomon.jobs.rows import insert, insert_unless_there, update
from gnomon.organization.queries import calendar_at
from gnomon.records.actions.write import hold
from gnomon.records.facts import NOTES
from gnomon.records.memory import Memory
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries import as_of_version

DEEPEST = 5
LATE = timedelta(minutes=5)
State, Steps = Escalation.State, EscalationStep.State
ALIVE = (State.RUNNING, State.PAUSED)


class Round(NamedTuple):
    """One round of one clock, as an escalation follows it."""

    clock: str
    turn: int
    cycle_at: datetime
    motion: Motion
    definition: ClockDefinition
    policy: Policy
    happenings: Sequence[Happening]

    def due(self, steps: Sequence[Step], now: datetime) -> list[datetime | None]:
        """When each step falls due, by the clock alone."""
        found = moments(
            self.definition, self.policy, self.happenings, now, lambda target: [s.seconds(target) for s in steps]
        )
        return found or [None] * len(steps)


def rounds_of(history: History, now: datetime, policy: PolicyOf = policy_of) -> Iterator[Round]:
    """The present round of each clock of a record: the customer's two, and that of the team that has it."""
    for definition in (RESPOND, RESOLVE):
        clock, pins = read_clock(definition, history, now, policy=policy, reading=derive_final)
        if clock.started_at is not None:
            held_to = policy(pins, definition.measure)
            yield Round(definition.name, 0, clock.started_at, clock.motion, definition, held_to, history.happenings)
    turns = turns_of(history)
    if turns and turns[-1].end is None and turns[-1].assignment.agreement:
        turn = turns[-1]
        held_to = policy(pins_of(turn.assignment), TEAM.measure)
        clock = derive_final(TEAM, held_to, turn.happenings, now)
        if clock.started_at is not None:
            yield Round(TEAM.name, turn.nth, clock.started_at, clock.motion, TEAM, held_to, turn.happenings)


@transaction.atomic
def follow(
    record: Record, *, cause: Escalation | None = None, now: datetime | None = None, anew: bool = False
) -> None:  # fmt: skip
    """Begin, go on with or end the escalations of a record, by what its clocks show now.

    With `anew` somebody has decided that it follows the policies as they are now: what is due already is left out.
    """
    now = now or datetime.now(UTC)
    hold(record)  # the record first, as whoever runs a step does: else two could wait for each other
    known = _KNOWN.all(number=record.number)
    policies = choosing.in_force()
    if not known and not policies:
        return
    choice = choosing.choose(record, policies)
    history, seen = history_of(record), set()
    for one in rounds_of(history, now):
        seen.add((one.clock, one.turn, one.cycle_at))
        _follow_round(record, one, known, choice, cause, now, anew)
    for escalation in known:
        if escalation.state in ALIVE and (escalation.clock, escalation.turn, escalation.cycle_at) not in seen:
            _put(escalation, State.ENDED, None)


_KNOWN = Question(lambda number: Escalation.objects.select_for_update().filter(number=number).order_by("id"))
_TOLD_OF = Question(
    lambda number, version: LedgerEntry.objects.filter(number=number, version__lte=version).order_by("-version")
)
_BORN = Question(lambda number: LedgerEntry.objects.filter(number=number, version=1))


def _follow_round(
    record: Record, one: Round, known: Sequence[Escalation], choice: choosing.Choice | None,
    cause: Escalation | None, now: datetime, anew: bool,
) -> None:  # fmt: skip
    mine = [e for e in known if (e.clock, e.turn, e.cycle_at) == (one.clock, one.turn, one.cycle_at)]
    present = next((e for e in reversed(mine) if e.state not in (State.REPLACED, State.SUPPRESSED)), None)
    held_back = next((e for e in reversed(mine) if e.state == State.SUPPRESSED), None)
    basis = choosing.deciding(record)
    if present is not None and present.chosen.get("of") == basis and not anew:
        _keep_step(present, one, now)
        return
    if held_back is not None and present is None and held_back.chosen.get("of") == basis:
        return
    if one.motion in (Motion.STOPPED, Motion.CANCELLED):
        if present is not None:
            _keep_step(present, one, now)
        return
    if present is not None and choice is not None and present.policy == choice.policy.number:
        present.chosen = choice.facts(record)  # the same policy for another reason: its steps go on
        present.save(update_fields=["chosen"])
        if anew and present.policy_version != choice.policy.version:
            _renew(present, choice.policy)
        _keep_step(present, one, now, since=now if anew else None)
        return
    if present is not None:
        _put(present, State.REPLACED, None)
    if choice is not None:
        _begin(record, one, choice, cause, now, anew)


def _begin(
    record: Record, one: Round, choice: choosing.Choice, cause: Escalation | None, now: datetime, anew: bool
) -> None:  # fmt: skip
    policy, depth = choice.policy, 0 if cause is None else cause.depth + 1
    # A step keeps its place in the policy, so that people find it there.
    table = [(place, row) for place, row in enumerate(policy.steps, 1) if row["clock"] == one.clock]
    if not table:
        return
    calendar = policy.calendar
    place = {
        "number": record.number, "clock": one.clock, "turn": one.turn, "cycle_at": one.cycle_at, "policy": policy.number,
    }  # fmt: skip
    escalation = Escalation(
        **place, policy_version=policy.version, kind=record.kind.name, chosen=choice.facts(record),
        begun_at=now, depth=depth, cause=cause, calendar_version=None if calendar is None else calendar.version,
        state=State.SUPPRESSED if depth > DEEPEST else State.RUNNING,
    )  # fmt: skip
    steps = [EscalationStep(position=position, table=row) for position, row in table]
    if escalation.state == State.RUNNING:
        since = now if anew else _since(record, policy.number, policy.version)
        _plan(escalation, one, now, since, steps)
        escalation.state, escalation.next_at = _stands(one, steps)
    if insert_unless_there(escalation):
        for step in steps:
            step.escalation = escalation
            insert(step)
    else:  # back to a policy that was followed before: what was done then is not done again
        escalation = Escalation.objects.get(**place)
        escalation.chosen = choice.facts(record)
        escalation.save(update_fields=["chosen"])
        if escalation.state != State.SUPPRESSED:
            _keep_step(escalation, one, now, since=now if anew else None)
    if escalation.state == State.SUPPRESSED:
        leave(record, escalation, None, "suppressed", told={"depth": depth})


def _renew(escalation: Escalation, policy: EscalationPolicy) -> None:
    """Take up the policy as it is now: what was done stays, what was still to come is what it says now."""
    escalation.policy_version = policy.version
    escalation.calendar_version = None if policy.calendar is None else policy.calendar.version
    escalation.save(update_fields=["policy_version", "calendar_version"])
    escalation.steps.filter(state=Steps.PLANNED).delete()
    done = list(escalation.steps.all())
    coming = [row for row in policy.steps if row["clock"] == escalation.clock and row not in [s.table for s in done]]
    last = max((step.position for step in done), default=0)
    EscalationStep.objects.bulk_create(
        EscalationStep(escalation=escalation, position=position, table=row)
        for position, row in enumerate(coming, last + 1)
    )


def _since(record: Record, policy: str, version: int) -> datetime:
    """What was due before this moment is left out: the policy was not in force, or the record not ours yet."""
    spoke = _spoke_at(policy, version)
    born = _BORN.first(number=record.number)
    brought = born is not None and born.recorded_at - born.happened_at > LATE
    return max(spoke, record.recorded_at) if brought else spoke


_spoken: Memory[tuple[str, int], datetime] = Memory(most=256)


def _spoke_at(policy: str, version: int) -> datetime:
    """When a policy was told as it is in this version; remembered once that cannot change."""
    known = _spoken.get((policy, version))
    if known is None:
        own = _TOLD_OF.all(number=policy, version=version)
        known = next(one for one in own if one.verb.rpartition(":")[2] not in NOTES).recorded_at
        transaction.on_commit(partial(_spoken.put, (policy, version), known))
    return known


def _keep_step(escalation: Escalation, one: Round, now: datetime, since: datetime | None = None) -> None:
    """Say anew when each step that is still to come falls due."""
    steps = _STEPS.all(escalation=escalation.pk)
    for step in _plan(escalation, one, now, since, steps):
        update(step, ("state", "why", "due_at"))
    _put(escalation, *_stands(one, steps))


def _plan(
    escalation: Escalation, one: Round, now: datetime, since: datetime | None, steps: Sequence[EscalationStep]
) -> list[EscalationStep]:
    """Put on the steps that are still to come when they fall due; those that this changed."""
    changed = []
    due = one.due(steps_from([step.table for step in steps]), now)
    hours = _hours(escalation) if any(step.table.get("in_hours") for step in steps) else None
    if since is not None:
        since = since.replace(microsecond=0)
    for step, moment in zip(steps, due, strict=True):
        if step.state != Steps.PLANNED:
            continue
        was = (step.state, step.due_at)
        if since is not None and moment is not None and moment < since:
            step.state, step.why, step.due_at = Steps.SKIPPED, "before", moment
        else:
            step.due_at = _within(hours, moment) if hours and step.table.get("in_hours") else moment
        if was != (step.state, step.due_at):
            changed.append(step)
    return changed


def _stands(one: Round, steps: Sequence[EscalationStep]) -> tuple[str, datetime | None]:
    """The state of an escalation by its clock, and when its next step falls due."""
    state = {Motion.RUNNING: State.RUNNING, Motion.PAUSED: State.PAUSED}.get(one.motion, State.ENDED)
    return state, next_due(steps) if state == State.RUNNING else None


_STEPS = Question(lambda escalation: EscalationStep.objects.filter(escalation_id=escalation).order_by("position"))


def next_due(steps: Sequence[EscalationStep]) -> datetime | None:
    """When the next step falls due that is still to come."""
    return min((s.due_at for s in steps if s.state == Steps.PLANNED and s.due_at is not None), default=None)


def _within(hours: Calendar, moment: datetime | None) -> datetime | None:
    try:
        return None if moment is None else hours.next_opening(moment)
    except NeverOpens:
        return None


def _hours(escalation: Escalation) -> Calendar | None:
    facts: Mapping[str, Any] = as_of_version(escalation.policy, escalation.policy_version)
    number = facts.get("calendar")
    if number is None or escalation.calendar_version is None:
        return None
    return calendar_at(number, escalation.calendar_version)


def _put(escalation: Escalation, state: str, next_at: datetime | None) -> None:
    if (escalation.state, escalation.next_at) != (state, next_at):
        escalation.state, escalation.next_at = state, next_at
        update(escalation, ("state", "next_at"))
