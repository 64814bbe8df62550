"""Random lives of records of every kind that a measure counts, written through the one door."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.makers import a_person, a_team

from gnomon.agreements.kinds import customer, service_level_agreement
from gnomon.evaluation.kinds import measurement_result, monitoring_requirement
from gnomon.governance.kinds import document
from gnomon.organization.kinds import RESPONSIBILITY, ROLE
from gnomon.portfolio.kinds import service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import Refused

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=90)
TARGETS = [{"priority": level, "respond_minutes": 30, "resolve_minutes": 600} for level in (1, 2, 3, 4)]
SOLVED = {"resolution": "Restarted", "closure_code": "solved"}


def live(seed: int, incidents: int = 12) -> None:
    """Some months of an organisation, the same for the same seed."""
    draw = random.Random(seed)
    clock = _Clock(draw)
    people = [a_person(f"Person {at}") for at in range(3)]
    teams = [a_team("Desk"), a_team("Network")]
    made = {
        "service": [_new(service, clock, title=title) for title in ("Mail", "Web")],
        "customer": [_new(customer, clock, title="Harbour")],
    }
    agreed = _new(
        service_level_agreement, clock, title="Usual", targets=TARGETS, is_default=True, service=made["service"][0],
        customer=made["customer"][0], effective_to=date(2026, 4, 1),
    )  # fmt: skip
    _try(
        lambda: actions.move(
            agreed, "agree", by=SYSTEM, at=clock.now, customer_agreed_at=BEGIN, provider_agreed_at=BEGIN
        )
    )
    for at in range(incidents):
        _incident(draw, clock, at, {**made, "team": teams}, people)
    _registers(draw, clock, people)


class _Clock:
    def __init__(self, draw: random.Random) -> None:
        self.draw, self.now = draw, BEGIN

    def tick(self, hours: int = 60) -> datetime:
        self.now += timedelta(minutes=self.draw.randrange(1, hours * 60), milliseconds=self.draw.randrange(1000))
        return self.now


def _new(kind: Any, clock: _Clock, **facts: Any) -> Any:
    return actions.record(kind, by=SYSTEM, at=clock.now, **facts)


def _try(act: Any) -> Any:
    """What the workflow does not allow from here does not happen."""
    try:
        return act()
    except Refused:
        return None


def _incident(draw: random.Random, clock: _Clock, at: int, made: dict[str, list[Any]], people: list[Any]) -> None:
    start = clock.now
    kept = clock.now = start + timedelta(hours=draw.randrange(80))
    chosen = {name: draw.choice([*some, None]) for name, some in made.items()}
    incident = _new(
        kind_named("incident"), clock, title=f"Incident {at}", impact=draw.choice((1, 2, 3)),
        urgency=draw.choice((1, 2, 3)), category=draw.choice(("", "mail", "a, b")), requester=draw.choice(people), **chosen,
    )  # fmt: skip
    if draw.random() < 0.4:
        _try(lambda: actions.move(incident, "assign", by=SYSTEM, at=clock.tick(), team=draw.choice(made["team"])))
    if draw.random() < 0.3:
        _try(lambda: actions.move(incident, "wait", by=SYSTEM, at=clock.tick(), waiting_reason="user"))
    if draw.random() < 0.2:
        task = _new(
            kind_named("incident_task"), clock, title="Call", incident=incident, due_at=clock.now + timedelta(days=2)
        )
        if draw.random() < 0.6:
            actions.move(task, draw.choice(("finish", "drop")), by=SYSTEM, at=clock.tick(90), because="So.")
    if draw.random() < 0.8:
        _try(lambda: actions.move(incident, "resolve", by=SYSTEM, at=clock.tick(), **SOLVED))
    if draw.random() < 0.3:
        _try(lambda: actions.move(incident, "reopen", by=SYSTEM, at=clock.tick(), because="Again."))
        _try(lambda: actions.move(incident, "resolve", by=SYSTEM, at=clock.tick(), **SOLVED))
    if draw.random() < 0.6:
        _try(lambda: actions.move(incident, "close", by=SYSTEM, at=clock.tick()))
    if draw.random() < 0.5:
        rating = _new(kind_named("satisfaction_rating"), clock, title="How?", incident=incident, requester=people[0])
        if draw.random() < 0.7:
            actions.move(rating, "answer", by=SYSTEM, at=clock.tick(), score=draw.randrange(1, 6))
    clock.now = kept


def _registers(draw: random.Random, clock: _Clock, people: list[Any]) -> None:
    for at in range(4):
        role = _new(ROLE, clock, title=f"Role {at}", code=f"role-{at}")
        if draw.random() < 0.6:
            held = _new(RESPONSIBILITY, clock, person=people[0], role=role, since=date(2026, 3, 1))
            if draw.random() < 0.4:
                actions.move(held, "end", by=SYSTEM, at=clock.tick(9), until=date(2026, 5, 1))
        paper = _new(
            document, clock, title=f"Plan {at}", text="…", approved_by=people[1], type=draw.choice(("plan", "policy")),
            next_review_date=draw.choice((None, date(2026, 4, 1), date(2027, 4, 1))),
        )  # fmt: skip
        if draw.random() < 0.8:
            actions.move(paper, "publish", by=SYSTEM, at=clock.tick(9))
        weekly = _new(monitoring_requirement, clock, title="Mail", method="By eye", measure_frequency_days=7)
        if draw.random() < 0.6:
            _new(
                measurement_result, clock, title="Mail", requirement=weekly, period_start=date(2026, 3, 1),
                period_end=date(2026, 3, 7),
            )  # fmt: skip
