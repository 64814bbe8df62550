"""Call people one after another until somebody answers, to the end of the chain, then whoever is named last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.agreements.clock.motion import Motion
from gnomon.agreements.clocks import history_of
from gnomon.agreements.escalation.entries import leave
from gnomon.agreements.escalation.following import rounds_of
from gnomon.agreements.escalation.notices import notify
from gnomon.agreements.escalation.steps import steps_from
from gnomon.agreements.escalation.whom import people_for
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.jobs.actions import enqueue
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.records.refusals import MoveRefused, NotAllowed
from gnomon.standard.plugs import Actor

CALL = "agreements:call_next"
Steps = EscalationStep.State


class NobodyCalls(MoveRefused):
    """Nothing waits for an answer."""


def sweep(now: datetime) -> int:
    """Ask for the calls that were not answered in time to go on; how many."""
    keys = list(EscalationStep.objects.filter(next_call_at__lte=now).values_list("pk", flat=True))
    for key in keys:
        enqueue(CALL, key=str(key), step=key)
    return len(keys)


@transaction.atomic
def go_on(step: int, *, now: datetime | None = None) -> None:
    """Call the next one when nobody has answered in time; a clock that stopped meanwhile ends the calls."""
    now = now or datetime.now(UTC)
    held = _hold(step)
    if held is None:
        return
    record, escalation, called = held
    if called.state != Steps.CALLING or called.next_call_at is None or called.next_call_at > now:
        return
    if _clock_has_stopped(record, escalation, now):
        called.state, called.next_call_at, called.why = Steps.SKIPPED, None, "stopped"
        called.save(update_fields=["state", "next_call_at", "why"])
        leave(record, escalation, called, "skipped", told={"why": "stopped"})
        return
    call_next(record, escalation, called, now)


def call_next(record: Record, escalation: Escalation, step: EscalationStep, now: datetime) -> None:
    """Call whoever comes next in the chain; at its end tell those who are named for that."""
    (plan,) = steps_from([step.table])
    waiting = [person for person in people_for(record, plan.whom) if person not in step.told]
    if not waiting:
        _at_the_end(record, escalation, step, now)
        return
    person = waiting[0]
    notify(record, escalation, step, [person], plan, call=True, mark=f"/{person}")
    step.told = [*step.told, person]
    step.next_call_at = now + timedelta(minutes=plan.wait)
    step.save(update_fields=["state", "told", "next_call_at", "ran_at"])
    leave(record, escalation, step, "called", told={"people": [person]})


def _at_the_end(record: Record, escalation: Escalation, step: EscalationStep, now: datetime) -> None:
    (plan,) = steps_from([step.table])
    last = [person for person in people_for(record, plan.fallback) if person not in step.told]
    if last:
        notify(record, escalation, step, last, plan, call=True, mark="/last")
    step.told, step.state, step.next_call_at, step.ran_at = [*step.told, *last], Steps.DONE, None, now
    step.why = "" if last else "unanswered"
    step.save(update_fields=["told", "state", "next_call_at", "ran_at", "why"])
    leave(record, escalation, step, "fallback" if last else "unanswered", told={"people": last})


@transaction.atomic
def acknowledge(record: Record, *, by: Actor, now: datetime | None = None) -> int:
    """Answer the calls of a record: whoever was called, or works on such records, takes it on. How many."""
    now = now or datetime.now(UTC)
    type(record).objects.select_for_update().get(pk=record.pk)
    calls = list(
        EscalationStep.objects.select_related("escalation").filter(
            escalation__number=record.number, state=Steps.CALLING
        )
    )
    if not calls:
        raise NobodyCalls(_("No call of %(record)s waits for an answer.") % {"record": record.number})
    mine = [step for step in calls if by.number in step.told or may(by, "change", record.kind)]
    if not mine:
        raise NotAllowed(_("You were not called about %(record)s.") % {"record": record.number})
    for step in mine:
        step.state, step.next_call_at = Steps.DONE, None
        step.acknowledged_by, step.acknowledged_at = by.number, now
        step.save(update_fields=["state", "next_call_at", "acknowledged_by", "acknowledged_at"])
        leave(record, step.escalation, step, "acknowledged", by=by)
    return len(mine)


def _hold(step: int) -> tuple[Record, Escalation, EscalationStep] | None:
    called = EscalationStep.objects.select_related("escalation").filter(pk=step).first()
    record = find_record(called.escalation.number) if called else None
    if called is None or record is None:
        return None
    locked: Record = type(record).objects.select_for_update().get(pk=record.pk)
    called.refresh_from_db()
    return locked, called.escalation, called


def _clock_has_stopped(record: Record, escalation: Escalation, now: datetime) -> bool:
    for one in rounds_of(history_of(record), now):
        if (one.clock, one.turn, one.cycle_at) == (escalation.clock, escalation.turn, escalation.cycle_at):
            return one.motion in (Motion.STOPPED, Motion.CANCELLED)
    return True
