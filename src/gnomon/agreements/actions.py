"""What people decide about agreements, hours and policies beyond their moves: that open records obey them (8.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from gnomon.agreements.escalation.following import follow
from gnomon.agreements.histories import Pins
from gnomon.agreements.models import (
    ClockProjection,
    EscalationPolicy,
    OperationalLevelAgreement,
    ServiceLevelAgreement,
    TeamClock,
)
from gnomon.agreements.pins import pinned_to
from gnomon.agreements.policies import agreed_facts
from gnomon.agreements.policy_previews import followers
from gnomon.agreements.previews import OPEN
from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Person, WorkCalendar
from gnomon.records import permissions
from gnomon.records.actions import change
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.refusals import Refused
from gnomon.standard.plugs import Actor

APPLY = "agreements:apply_to_open_records"
FEW = 100
Facts = Mapping[str, Any]


@transaction.atomic
def apply_later_to_open_records(about: Record, *, by: Actor, because: str) -> None:
    """Decide that open records obey what an agreement, hours or a policy say now: a few at once, many by a job."""
    permissions.require(by, "change", about.kind)
    if len(list(_open(about))) <= FEW:
        apply_to_open_records(about, by=by, because=because)
    else:
        enqueue(APPLY, cause=about.number, about=about.number, by=by.number, because=because)


def apply_to_open_records(about: Record, *, by: Actor, because: str) -> list[str]:
    """Let the open records of an agreement, of hours or of a policy obey what it says now; their numbers.

    Each record by itself, so that one that refuses keeps no other back and a second run does the rest. Clocks
    that have stopped keep the versions they stopped with, and so their verdicts.
    """
    applied = []
    for number, obey in _open(about):
        record = find_record(number)
        if record is not None and _obeys(record, obey, by, because):
            applied.append(number)
    return applied


def apply_as(about: str, by: str, because: str) -> None:
    """The same for a worker."""
    record = find_record(about)
    person: Actor = Person.objects.filter(number=by).first() or SYSTEM
    if record is not None:
        apply_to_open_records(record, by=person, because=because)


Obey = Callable[[Record, Actor, str], bool]


def _obeys(record: Record, obey: Obey, by: Actor, because: str) -> bool:
    try:
        with transaction.atomic():
            return obey(record, by, because)
    except Refused:
        return False


def _open(about: Record) -> Iterable[tuple[str, Obey]]:
    """The open records that a change of this concerns, each with what is done to it."""
    if isinstance(about, ServiceLevelAgreement):
        pins = pinned_to(about, about.version)
        clocks = ClockProjection.objects.filter(sla=about.number, state__in=OPEN)
        return [(number, _pinning(pins)) for number in _numbers(clocks)]
    if isinstance(about, OperationalLevelAgreement):
        calendar = about.calendar
        own = {
            "ola": about, "ola_version": about.version,
            "ola_calendar_version": None if calendar is None else calendar.version,
        }  # fmt: skip
        return [
            (number, _pinning(own)) for number in _numbers(TeamClock.objects.filter(ola=about.number, state__in=OPEN))
        ]
    if isinstance(about, WorkCalendar):
        return _counting_in(about)
    assert isinstance(about, EscalationPolicy)
    return [(one.number, _following) for one in followers(about, {})] if about.status == "in_force" else []


def _counting_in(calendar: WorkCalendar) -> list[tuple[str, Obey]]:
    """Open records whose clocks count in a calendar, by the agreements as they are pinned."""
    found: dict[str, dict[str, Any]] = {}
    customers = ClockProjection.objects.filter(sla__in=_agreements(ServiceLevelAgreement, calendar), state__in=OPEN)
    for number, sla, version in customers.values_list("number", "sla", "sla_version").order_by("number"):
        if agreed_facts(Pins(None, sla, version)).get("calendar") == calendar.number:
            found.setdefault(number, {})["calendar_version"] = calendar.version
    teams = TeamClock.objects.filter(ola__in=_agreements(OperationalLevelAgreement, calendar), state__in=OPEN)
    for number, ola, version in teams.values_list("number", "ola", "ola_version").order_by("number"):
        if agreed_facts(Pins(None, ola, version)).get("calendar") == calendar.number:
            found.setdefault(number, {})["ola_calendar_version"] = calendar.version
    return [(number, _pinning(pins)) for number, pins in sorted(found.items())]


def _agreements(model: Any, calendar: WorkCalendar) -> list[str]:
    return list(model.objects.filter(calendar=calendar).values_list("number", flat=True))


def _numbers(clocks: Any) -> Iterable[str]:
    numbers: Iterable[str] = clocks.order_by("number").values_list("number", flat=True).distinct()
    return numbers


def _pinning(pins: Facts) -> Obey:
    def obey(record: Record, by: Actor, because: str) -> bool:
        version = record.version
        change(record, by=by, because=because, **pins)
        return record.version != version

    return obey


def _following(record: Record, _by: Actor, _because: str) -> bool:
    follow(record, anew=True)
    return True
