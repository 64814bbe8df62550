"""Escalation as people see it: on the page of a record, and as a list of all that run (8.6.1 c)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.agreements.escalation.choosing import because
from gnomon.agreements.escalation.entries import attempts_words, why_words
from gnomon.agreements.escalation.steps import steps_from
from gnomon.agreements.escalation.wording import clock_words, deed_words, names_in, sentence
from gnomon.agreements.models import Escalation, EscalationStep
from gnomon.records.kinds import kind_named
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.records.queries import names_of
from gnomon.standard.plugs import Actor
from gnomon.ui.values import Ref

OVERDUE = timedelta(minutes=5)
MOST = 200
State, Steps = Escalation.State, EscalationStep.State
ALIVE = (State.RUNNING, State.PAUSED)
ICONS = {
    Steps.PLANNED: "circle-dashed", Steps.CALLING: "phone", Steps.DONE: "circle-check", Steps.SKIPPED: "circle-minus",
    Steps.FAILED: "alert-triangle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One step on a page: what it is, where it stands, and when."""

    place: str  # past, now, next, ahead
    icon: str
    state: str
    says: str
    at: datetime | None
    more: str


def on_record(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """What the panel of a record shows; None where no policy was ever followed."""
    escalations = list(Escalation.objects.filter(number=record.number).exclude(state=State.REPLACED).order_by("id"))
    if not escalations:
        return None
    steps = list(EscalationStep.objects.filter(escalation__in=escalations).order_by("escalation_id", "position"))
    latest = _latest(escalations)
    shown = [(one, [step for step in steps if step.escalation_id == one.pk]) for one in latest]
    policy = latest[-1].policy
    calling = any(step.state == Steps.CALLING for step in steps)
    return {
        "policy": policy,
        "policy_url": reverse("escalation_policy-page", args=[policy]),
        "version": latest[-1].policy_version,
        "because": because(latest[-1].chosen),
        "held_back": any(one.state == State.SUPPRESSED for one in latest),
        "steps": told(shown),
        "acknowledge": calling and _may_answer(record, steps, person),
    }


def _latest(escalations: Sequence[Escalation]) -> list[Escalation]:
    """The newest escalation of each clock: earlier rounds and turns are on the timeline."""
    return sorted({one.clock: one for one in escalations}.values(), key=lambda one: one.pk)


def _may_answer(record: Record, steps: Iterable[EscalationStep], person: Actor) -> bool:
    called = any(step.state == Steps.CALLING and person.number in step.told for step in steps)
    return called or may(person, "change", record.kind)


def told(shown: Sequence[tuple[Escalation, Sequence[EscalationStep]]]) -> list[Told]:
    """Steps in the order in which they ran or fall due."""
    rows = [(one, step) for one, steps in shown for step in steps]
    plans = {step.pk: steps_from([step.table])[0] for _one, step in rows}
    titles = names_in(list(plans.values()))
    people = names_of({number for _one, step in rows for number in [*step.told, step.acknowledged_by] if number})
    rows.sort(key=lambda row: (row[1].due_at is None, row[1].due_at or row[0].begun_at, row[1].position))
    coming = [
        step.pk for one, step in rows if step.state == Steps.PLANNED and one.state == State.RUNNING and step.due_at
    ]
    found = []
    for one, step in rows:
        said = sentence(plans[step.pk], titles)
        found.append(
            Told(
                _place(one, step, coming), ICONS[Steps(step.state)], _state(one, step), said,
                step.ran_at or step.due_at, _more(step, people),
            )
        )  # fmt: skip
    return found


def _place(one: Escalation, step: EscalationStep, coming: Sequence[int]) -> str:
    if step.state in (Steps.CALLING, Steps.FAILED):
        return "now"
    if step.state != Steps.PLANNED:
        return "past"
    return "next" if coming[:1] == [step.pk] else "ahead"


def _state(one: Escalation, step: EscalationStep) -> str:
    if step.state == Steps.PLANNED and one.state != State.RUNNING:
        return str(State(one.state).label)
    return str(Steps(step.state).label)


def _more(step: EscalationStep, people: Mapping[str, str]) -> str:
    names = ", ".join(people.get(number, number) for number in step.told)
    if step.acknowledged_by:
        return _("Answered by %(who)s.") % {"who": people.get(step.acknowledged_by, step.acknowledged_by)}
    if step.state == Steps.CALLING:
        return _("Called so far: %(who)s.") % {"who": names}
    if step.state in (Steps.SKIPPED, Steps.FAILED):
        said = why_words(step.why, step.error)
        return f"{said} ({attempts_words(step.attempts)})" if step.attempts else said
    if step.why == "unanswered":
        return _("Nobody answered.")
    return _("Told: %(who)s.") % {"who": names} if names else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One escalation in the list of those that run."""

    escalation: Escalation
    record: Ref | str
    clock: str
    next: str
    next_at: datetime | None
    trouble: str


def overdue(now: datetime | None = None) -> QuerySet[Escalation]:
    """Escalations in trouble: a step failed, a call is not answered, a step is late, or it was held back."""
    late = (now or datetime.now(UTC)) - OVERDUE
    troubled = EscalationStep.objects.filter(Q(state=Steps.FAILED) | Q(state=Steps.CALLING)).values("escalation")
    return Escalation.objects.filter(
        Q(pk__in=troubled, state__in=ALIVE) | Q(state=State.RUNNING, next_at__lt=late) | Q(state=State.SUPPRESSED)
    )


def running(person: Actor, *, only_overdue: bool = False, now: datetime | None = None) -> list[Line]:
    """Escalations that run, the most pressing first, of records that this person may know of; at most MOST."""
    now = now or datetime.now(UTC)
    troubled = set(overdue(now).values_list("pk", flat=True)[: 5 * MOST])
    some = Escalation.objects.filter(pk__in=troubled) if only_overdue else Escalation.objects.filter(
        Q(state__in=ALIVE) | Q(pk__in=troubled)
    )  # fmt: skip
    escalations = list(some.order_by("next_at", "id")[:MOST])
    records = _records(escalations, person)
    steps = _steps(escalations)
    plans = [steps_from([step.table])[0] for some_ in steps.values() for step in some_]
    titles = names_in(plans)
    lines = [
        _line(one, records[one.number], steps.get(one.pk, []), titles, one.pk in troubled, now)
        for one in escalations
        if one.number in records
    ]
    return sorted(lines, key=lambda line: not line.trouble)


def _records(escalations: Iterable[Escalation], person: Actor) -> dict[str, Ref]:
    wanted: dict[str, set[str]] = {}
    for one in escalations:
        wanted.setdefault(one.kind, set()).add(one.number)
    found: dict[str, Ref] = {}
    for name, numbers in wanted.items():
        for record in visible(kind_named(name).model.objects.filter(number__in=numbers), person):
            found[record.number] = Ref(record.number, record.title, record.get_absolute_url())
    return found


def _steps(escalations: Iterable[Escalation]) -> dict[int, list[EscalationStep]]:
    found: dict[int, list[EscalationStep]] = {}
    for step in EscalationStep.objects.filter(escalation__in=list(escalations)).order_by("due_at", "position"):
        found.setdefault(step.escalation_id, []).append(step)
    return found


def _line(
    one: Escalation, record: Ref, steps: Sequence[EscalationStep], titles: Mapping[str, str], troubled: bool,
    now: datetime,
) -> Line:  # fmt: skip
    coming = next((step for step in steps if step.state == Steps.PLANNED and step.due_at), None)
    says = deed_words(steps_from([coming.table])[0], titles) if coming else ""
    return Line(
        one, record, clock_words(one.clock), says, coming.due_at if coming else None,
        _trouble(one, steps) if troubled else "",
    )  # fmt: skip


def _trouble(one: Escalation, steps: Sequence[EscalationStep]) -> str:
    states = {step.state for step in steps}
    if one.state == State.SUPPRESSED:
        return _("held back: escalations led to one another")
    if Steps.FAILED in states:
        return _("a step failed")
    if Steps.CALLING in states:
        return _("nobody has answered the call yet")
    return _("a step is late")
