"""A run that amends an earlier one says what a run says that asks about every record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.certification.conftest import Evidence, incidents
from tests.resolution.stage import an_incident

from gnomon.agreements.kinds import service_level_agreement as AGREEMENT
from gnomon.certification.actions import run_checks, set_limits
from gnomon.certification.models import CarriedResult, ConformityRun, NumberChunk
from gnomon.certification.queries import is_whole
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.organization.models import Person
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import Refused
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding, Question, Recordwise

# A Monday; ninety days before it the windows of 8.6.1 begin.
MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)
HOUR, QUARTER = timedelta(hours=1), timedelta(days=90)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]


class Desk:
    """Lives of incidents drawn by chance: at the window's far edge, now, and dated ahead."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        office = actions.record(WORK_CALENDAR, by=SYSTEM, at=MONDAY - 2 * QUARTER, title="Office", hours={
            "time_zone": "UTC", "week": {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        })  # fmt: skip
        self.agreement = actions.record(
            AGREEMENT, by=SYSTEM, at=MONDAY - 2 * QUARTER, title="Default", is_default=True, calendar=office,
            targets=[{"priority": p, "respond_minutes": 15, "resolve_minutes": 30 * p} for p in (1, 2, 3, 4)],
        )  # fmt: skip
        self.mail = actions.record(SERVICE, by=SYSTEM, at=MONDAY - 2 * QUARTER, title="Mail")

    def happen(self, now: datetime) -> None:
        """Something happens: mostly to somebody's incident, seldom to what all are judged by."""
        there = list(Incident.objects.order_by("id"))
        if len(there) < 4 or self.chance.random() < 0.4:
            self.open(now)
        elif self.chance.random() < 0.04:
            actions.change(self.agreement, by=SYSTEM, at=now, title=f"Edition of {now}")
        else:
            self.touch(self.chance.choice(there), now)

    def open(self, now: datetime) -> None:
        back = self.chance.choice((QUARTER, QUARTER, timedelta(), timedelta(days=1)))
        opened_at = now - back + HOUR * self.chance.uniform(-3, 12 if back else 2)
        told_at = opened_at + HOUR * self.chance.choice((0, 0, 0.5, 1.5, 30))
        priced = self.chance.choice(({"impact": 2, "urgency": 2}, {"impact": 1, "urgency": 1, "priority": 4}, {}))
        facts = {"category": self.chance.choice(("mail", "")), "service": self.chance.choice((self.mail, None))}
        made = actions.record(
            kind_named("incident"), by=SYSTEM, at=told_at, title="No mail", opened_at=opened_at, **priced, **facts
        )
        if back and self.chance.random() < 0.7:
            for _ in range(self.chance.randrange(4)):
                told_at += HOUR * self.chance.uniform(0, 4)
                self.touch(made, told_at)

    def touch(self, incident: Any, now: datetime) -> None:
        incident.refresh_from_db()
        at = now + HOUR * self.chance.choice((-0.2, 0, 0, 0, 6))
        try:
            self._touch(incident, at)
        except Refused:
            return

    def _touch(self, incident: Any, at: datetime) -> None:
        done = {"resolution": "Restarted", "closure_code": "solved"}
        deeds = {
            "resolve": done, "close": {}, "reopen": {"because": "Again."}, "cancel": {"because": "None."},
            "start": {}, "wait": {"waiting_reason": "user"}, "resume": {},
        }  # fmt: skip
        deed = self.chance.choice((*deeds, "resolve", "resolve", "close", "close", "price", "say", "escalate"))
        if deed == "price":
            actions.change(incident, by=SYSTEM, at=at, impact=self.chance.choice((1, 2)), urgency=2)
        elif deed == "say":
            actions.comment(incident, "Looked at it.", by=SYSTEM, at=at)
        elif deed == "escalate":
            actions.change(incident, by=SYSTEM, at=at, escalated_at=at)
        else:
            actions.move(incident, deed, by=SYSTEM, at=at, **deeds[deed])  # type: ignore[arg-type]


def seen(run: ConformityRun) -> Iterator[tuple[Any, ...]]:
    """All that a run says of the records."""
    for each in run.checks.all():
        yield (
            each.requirement, each.rule, each.status, each.reason, list(each.population), list(each.late),
            list(each.failed), each.population_digest,
        )  # fmt: skip
    for result in run.requirements.order_by("requirement"):
        yield result.requirement, result.status, result.seen, result.late_count, result.failed_count, result.evidence


@pytest.mark.parametrize("seed", range(10))
def test_amended_and_full_say_the_same_over_random_histories(seed: int) -> None:
    desk, now = Desk(seed), MONDAY
    carried = 0
    for _round in range(9):
        for _ in range(desk.chance.randrange(7)):
            desk.happen(now)
        now += HOUR * desk.chance.choice((0, 0.1, 0.5, 1, 2, 5, 11, 40))
        amended = run_checks(clause="8.6.1", by=SYSTEM, now=now)
        # As of a moment: asks about all, and leaves alone what the next run goes on from.
        full = run_checks(now, "8.6.1", by=SYSTEM)
        assert list(seen(amended)) == list(seen(full)), f"round {_round} of seed {seed}"
        carried += amended.method == "amended"
    assert carried >= 3
    assert Incident.objects.count() > 5


def test_a_run_says_how_it_was_made(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 3)), recordwise=Recordwise("incident"))
    first, second = run_checks(by=mona), run_checks(by=mona)
    assert (first.method, first.amends, first.checks.get().asked) == ("full", "", None)
    assert (second.method, second.amends, second.checks.get().asked) == ("amended", first.number, 0)
    assert run_checks(by=mona, full=True).method == "full"
    assert [name for name, _question in evidence.asked] == ["8.6.1-b/1"] * 2


def test_only_who_was_written_about_and_whose_time_has_come_is_asked_again(evidence: Evidence, mona: Person) -> None:
    later = MONDAY + HOUR
    outage = an_incident("06-01 05:00")

    def answer(question: Question) -> Finding:
        if question.among is None:
            return Finding(incidents(1, 9), failed=incidents(2, 3), turns={"INC-000003": later})
        late = [outage.number] if outage.number in question.among else []
        return Finding(sorted(question.among - {"INC-000003"}), late=late)

    evidence.says("8.6.1-b", answer, recordwise=Recordwise("incident"))
    run_checks(by=mona, now=MONDAY)
    before = run_checks(by=mona, now=later - timedelta(seconds=1)).checks.get()
    assert (before.asked, list(before.failed)) == (0, incidents(2, 3))
    actions.comment(outage, "Looked at it.", by=mona)
    after = run_checks(by=mona, now=later).checks.get()
    assert evidence.asked[-1][1].among == {outage.number, "INC-000003"}
    assert (list(after.failed), list(after.late)) == (["INC-000002"], [outage.number])
    assert "INC-000003" not in after.population


@pytest.mark.parametrize("what", ["version", "limits", "reads", "horizon", "backwards", "engine"])
def test_what_all_are_judged_by_makes_it_ask_about_all(
    evidence: Evidence, mona: Person, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says(version: int = 1) -> None:
        carried = Recordwise("incident", reads=("service",))
        evidence.says("8.6.1-b", Finding(incidents(1, 3)), version=version, recordwise=carried)

    says()
    run_checks(by=mona, now=MONDAY)
    now = MONDAY + {"horizon": timedelta(hours=36), "backwards": -HOUR}.get(what, HOUR)
    if what == "version":
        says(2)
    elif what == "limits":
        set_limits("8.6.1-b", 1, by=mona, values=[45], at=MONDAY, because="Agreed.")
    elif what == "reads":
        actions.record(SERVICE, by=SYSTEM, title="Mail")
    elif what == "engine":
        monkeypatch.setattr("gnomon.certification.queries.carrying.version", lambda _name: "another")
    assert run_checks(by=mona, now=now).checks.get().asked is None


def test_a_check_that_failed_is_asked_about_all_the_next_time(evidence: Evidence, mona: Person) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 3)), recordwise=Recordwise("incident"))
    run_checks(by=mona, now=MONDAY, full=True)
    evidence.says("8.6.1-b", ZeroDivisionError("a share of nothing"), recordwise=Recordwise("incident"))
    broken = run_checks(by=mona, now=MONDAY + HOUR, full=True)
    assert broken.requirements.get(requirement="8.6.1-b").status == "error"


def test_a_run_killed_in_the_middle_leaves_nothing(
    evidence: Evidence, mona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.says("8.6.1-b", Finding(incidents(1, 3)), recordwise=Recordwise("incident"))

    def killed(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gnomon.certification.actions.run._leave_for_the_next", killed)
    with pytest.raises(KeyboardInterrupt):
        run_checks(by=mona)
    assert not ConformityRun.objects.exists()
    assert not CarriedResult.objects.exists()


def test_equal_parts_of_populations_are_kept_once(evidence: Evidence, mona: Person) -> None:
    # Half of 100,000 numbers by chance: four chunks of 32,768 that cannot be written shorter than a reference.
    chance = random.Random(3)
    half = [f"INC-{counter:06d}" for counter in range(100_000) if chance.random() < 0.5]
    evidence.says("8.6.1-b", Finding(half))
    first = run_checks(by=mona)
    assert NumberChunk.objects.count() == 4
    evidence.says("8.6.1-b", Finding([*half, "INC-100001"]))
    second = run_checks(by=mona)
    # The one more lies in the last chunk; the other three are shared.
    assert NumberChunk.objects.count() == 5
    assert is_whole(first)
    assert is_whole(second)
    NumberChunk.objects.update(packed=b"")
    assert not is_whole(first)
    assert not is_whole(second)
