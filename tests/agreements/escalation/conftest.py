"""A policy, incidents that follow it, and a worker that runs what is due at a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from tests.makers import a_person, a_team

from gnomon.agreements.escalation import calling, running
from gnomon.agreements.listeners import FOLLOW
from gnomon.agreements.models import Escalation, EscalationPolicy
from gnomon.governance.models import Receipt
from gnomon.jobs.declared import job_named
from gnomon.jobs.models import QueuedJob
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry


@pytest.fixture
def ten_hours(an_agreement: Any) -> Any:
    """Round the clock: ten hours for priority 3, one for priority 2; nothing about responding."""
    return an_agreement(
        calendar=None, agreed=False, is_default=True, service=None, customer=None,
        targets=[{"priority": 2, "resolve_minutes": 60}, {"priority": 3, "resolve_minutes": 600}],
    )  # fmt: skip


@pytest.fixture
def lead(db: None) -> Any:
    return a_person("Lena Field", username="lena", roles=["process_manager"])


@pytest.fixture
def network(db: None) -> Any:
    return a_team("Network")


@pytest.fixture
def desk(network: Any, lead: Any) -> Any:
    return a_team("Service desk", lead=lead, escalates_to=network)


@pytest.fixture
def a_policy(ten_hours: Any) -> Callable[..., EscalationPolicy]:
    """`a_policy([step, …], …)`: in force."""

    def make(steps: list[dict[str, Any]], *, adopted: bool = True, **facts: Any) -> EscalationPolicy:
        usual = {"title": "Usual escalation"}
        made = actions.record(kind_named("escalation_policy"), by=SYSTEM, steps=steps, **(usual | facts))
        return cast(EscalationPolicy, actions.move(made, "adopt", by=SYSTEM) if adopted else made)

    return make


@pytest.fixture
def work() -> Callable[[Any, float], None]:
    """`work(incident, hours)`: what a worker does once so many hours have passed since the incident opened."""

    def at(incident: Any, hours: float) -> None:
        now: datetime = incident.opened_at.replace(microsecond=0) + timedelta(hours=hours)
        _follow()
        running.sweep(now)
        for escalation in Escalation.objects.order_by("id"):
            running.run(escalation.pk, now=now)
        for job in QueuedJob.objects.filter(name=calling.CALL, state="waiting"):
            calling.go_on(job.facts["step"], now=now)
            job.delete()
        _follow()
        incident.refresh_from_db()

    return at


def _follow() -> None:
    for job in QueuedJob.objects.filter(name=FOLLOW, state="waiting").order_by("id"):
        job_named(FOLLOW).run(**job.facts)
        job.delete()


@pytest.fixture
def told() -> Callable[[Any], list[tuple[int, str]]]:
    """Step and outcome of each entry about escalation on a record, in order."""

    def of(record: Any) -> list[tuple[int, str]]:
        entries = LedgerEntry.objects.filter(number=record.number, verb="incident:escalation").order_by("version")
        said = [entry.changes["escalation"][1] for entry in entries]
        return [(one.get("step", 0), one["outcome"]) for one in said]

    return of


@pytest.fixture
def heard() -> Callable[[Any], int]:
    """How often a person was told of something."""
    return lambda person: Receipt.objects.filter(person=person.number).count()
