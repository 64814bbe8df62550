"""Run the steps of escalations as they fall due: each once, in order, whoever dies over it (8.6.1 c)."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.db import transaction

from gnomon.agreements.escalation import calling
from gnomon.agreements.escalation.entries import leave
from gnomon.agreements.escalation.following import follow, next_due
from gnomon.agreements.escalation.means import Means, NothingToDo, means_of
from gnomon.agreements.escalation.notices import notify
from gnomon.agreements.escalation.steps import NEXT_TEAM, Step, steps_from
from gnomon.agreements.escalation.whom import goes_beyond, people_for
from gnomon.agreements.escalation.wording import when_words
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Team
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.refusals import Refused

RUN, RETRY = "agreements:run_escalation", "agreements:retry_escalation_step"
ATTEMPTS = 5
PAUSE = timedelta(seconds=30)
State, Steps = Escalation.State, EscalationStep.State
_causing: ContextVar[Escalation | None] = ContextVar("causing", default=None)


def cause_now() -> Escalation | None:
    """The escalation whose step is being done at this moment, for what follows from it."""
    return _causing.get()


@contextmanager
def causing(escalation: Escalation) -> Iterator[None]:
    """What is done in the block is done by an escalation."""
    token = _causing.set(escalation)
    try:
        yield
    finally:
        _causing.reset(token)


def sweep(now: datetime | None = None) -> int:
    """Ask for the steps that are due by `now` to be run; how many escalations."""
    now = now or datetime.now(UTC)
    due = Escalation.objects.filter(state=State.RUNNING, next_at__lte=now).order_by("next_at", "id")
    keys = list(due.values_list("pk", flat=True))
    for key in keys:
        enqueue(RUN, key=str(key), escalation=key)
    return len(keys) + calling.sweep(now)


def run(escalation: int, *, now: datetime | None = None) -> int:
    """Run the steps of one escalation that are due, in order; one that fails keeps no other back. How many."""
    done = 0
    while (key := _due_step(escalation, now or datetime.now(UTC))) is not None:
        run_step(key, now=now)
        done += 1
    return done


def _due_step(escalation: int, now: datetime) -> int | None:
    planned = EscalationStep.objects.filter(
        escalation=escalation, escalation__state=State.RUNNING, state=Steps.PLANNED, due_at__lte=now
    )
    return planned.order_by("due_at", "position").values_list("pk", flat=True).first()


def run_step(key: int, *, now: datetime | None = None) -> None:
    """Run one step, with what follows from it in one transaction; a failure is kept and tried again later."""
    now = now or datetime.now(UTC)
    try:
        _run_step(key, now)
    except Exception as error:  # noqa: BLE001 — whatever fails must be seen, and must not keep later steps back
        _note_failure(key, error, now)


@transaction.atomic
def _run_step(key: int, now: datetime) -> None:
    held = _hold(key)
    if held is None:
        return
    escalation, step, record = held
    # The clock may have moved since the step was found due: ask it, not the projection.
    follow(record, now=now)
    step.refresh_from_db()
    escalation.refresh_from_db()
    retried = step.state == Steps.FAILED
    if retried and escalation.state in (State.ENDED, State.REPLACED):
        _finish(record, escalation, step, Steps.SKIPPED, "skipped", now, why="stopped")
        return
    if not retried and (step.state != Steps.PLANNED or step.due_at is None or step.due_at > now):
        return
    if not retried and escalation.state != State.RUNNING:
        return
    with causing(escalation):
        _do(record, escalation, step, now)


def _hold(key: int) -> tuple[Escalation, EscalationStep, Record] | None:
    """The step with its escalation and record, locked in the order in which every writer takes them."""
    step = EscalationStep.objects.get(pk=key)
    record = find_record(Escalation.objects.values_list("number", flat=True).get(pk=step.escalation_id))
    if record is None:
        return None
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    escalation = Escalation.objects.select_for_update().get(pk=step.escalation_id)
    step.refresh_from_db()
    return escalation, step, locked


def _do(record: Record, escalation: Escalation, step: EscalationStep, now: datetime) -> None:
    (plan,) = steps_from([step.table])
    means = means_of(escalation.kind)
    if plan.do in {"notify", "call"}:
        _tell(record, escalation, step, plan, means, now)
        return
    if means is None:
        _finish(record, escalation, step, Steps.SKIPPED, "skipped", now, why="no_means")
        return
    reason = f"{escalation.policy}: {when_words(plan)}"
    try:
        with transaction.atomic():
            if plan.do == "reassign":
                means.reassign(record, _team(plan), reason)
            else:
                means.raise_priority(record, reason)
    except NothingToDo as nothing:
        _finish(record, escalation, step, Steps.SKIPPED, "skipped", now, why=nothing.why)
        return
    except Refused as refused:
        _finish(record, escalation, step, Steps.SKIPPED, "skipped", now, error=refused.says)
        return
    _finish(record, escalation, step, Steps.DONE, "done", now)


def _team(plan: Step) -> Team | None:
    if plan.team in ("", NEXT_TEAM):
        return None
    team: Team | None = Team.objects.filter(number=plan.team, status="active").first()
    if team is None:
        raise NothingToDo("gone_team")
    return team


def _tell(
    record: Record, escalation: Escalation, step: EscalationStep, plan: Step, means: Means | None, now: datetime
) -> None:  # fmt: skip
    people = people_for(record, plan.whom)
    if not people and not (plan.do == "call" and plan.fallback):
        _finish(record, escalation, step, Steps.SKIPPED, "skipped", now, why="nobody")
        return
    if means is not None and goes_beyond(plan.people):
        means.escalated(record, f"{escalation.policy}: {when_words(plan)}")
    if plan.do == "call":
        step.told, step.state, step.ran_at = [], Steps.CALLING, now
        calling.call_next(record, escalation, step, now)
        return
    notify(record, escalation, step, people, plan)
    step.told = people
    _finish(record, escalation, step, Steps.DONE, "told", now, people=people)


def _finish(
    record: Record, escalation: Escalation, step: EscalationStep, state: str, outcome: str, now: datetime,
    *, why: str = "", error: str = "", people: list[str] | None = None,
) -> None:  # fmt: skip
    step.state, step.why, step.error, step.ran_at = state, why, error, now
    step.save(update_fields=["state", "why", "error", "ran_at", "told", "next_call_at"])
    told = {"people": people, "why": why, "error": error}
    leave(record, escalation, step, outcome, told={name: value for name, value in told.items() if value})
    Escalation.objects.filter(pk=escalation.pk, state=State.RUNNING).update(next_at=next_due(_steps_of(escalation)))


def _steps_of(escalation: Escalation) -> list[EscalationStep]:
    return list(EscalationStep.objects.filter(escalation=escalation))


@transaction.atomic
def _note_failure(key: int, error: Exception, now: datetime) -> None:
    """Keep what went wrong where people see it, and ask for another try while there are any left."""
    held = _hold(key)
    if held is None:
        return
    escalation, step, record = held
    if step.state not in (Steps.PLANNED, Steps.FAILED):
        return
    step.attempts += 1
    step.save(update_fields=["attempts"])
    last = step.attempts >= ATTEMPTS
    says = "".join(traceback.format_exception_only(error)).strip()[-2000:]
    if step.attempts == 1 or last:
        _finish(record, escalation, step, Steps.FAILED, "given_up" if last else "failed", now, error=says)
    else:
        EscalationStep.objects.filter(pk=key).update(state=Steps.FAILED, error=says)
    if not last:
        enqueue(
            RETRY, key=f"{key}/{step.attempts}", run_after=now + PAUSE * 2 ** (step.attempts - 1), cause=record.number,
            step=key,
        )  # fmt: skip


def retry(step: int) -> None:
    """Try a failed step again; one that went well meanwhile is left alone."""
    if EscalationStep.objects.filter(pk=step, state=Steps.FAILED).exists():
        run_step(step)
