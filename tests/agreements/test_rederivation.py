"""Whatever happened, and in whatever order it is derived: the same clocks, turns and escalations."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import a_team

from gnomon.agreements.actions import apply_to_open_records
from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.turns import Assignment, turns
from gnomon.agreements.clocks import rebuild
from gnomon.agreements.escalation.following import follow
from gnomon.agreements.models import ClockProjection, Escalation, EscalationStep, TeamClock
from gnomon.agreements.rederivation import rederive
from gnomon.jobs.models import QueuedJob
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.resolution.clocks import rebuild_clocks as rebuild_incidents
from gnomon.workflow.tables import Phase

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.3.3")]
BERLIN = ZoneInfo("Europe/Berlin")  # its clocks were put forward on 2026-03-29
DAYS = ("mon", "tue", "wed", "thu", "fri", "sun")
HOURS = {"time_zone": "Europe/Berlin", "week": {day: [["08:00", "12:00"], ["13:00", "18:00"]] for day in DAYS}}
AGREED = datetime(2026, 3, 1, tzinfo=BERLIN)


class World:
    """Agreements, teams, hours and a policy, and incidents to which things happen at random."""

    def __init__(self, chance: random.Random, an_agreement, an_incident) -> None:
        self.chance, self.an_incident = chance, an_incident
        self.calendar = actions.record(WORK_CALENDAR, by=SYSTEM, title="Berlin", hours=HOURS)
        targets = [{"priority": p, "respond_minutes": 30 * p, "resolve_minutes": 240 * p} for p in (1, 2, 3, 4)]
        self.agreement = an_agreement(calendar=self.calendar, targets=targets)
        self.teams = [a_team(f"Team {n}") for n in range(3)]
        self.internal = [self._internal(team) for team in self.teams[:2]]
        steps = [
            {"clock": clock, "percent": percent, "do": "notify", "whom": ["team"]}
            for clock in ("respond", "resolve", "team") for percent in (50, 100)
        ]  # fmt: skip
        policy = actions.record(kind_named("escalation_policy"), by=SYSTEM, title="All", steps=steps)
        actions.move(policy, "adopt", by=SYSTEM)
        self.incidents: list = []

    def _internal(self, team):
        made = actions.record(
            kind_named("operational_level_agreement"), by=SYSTEM, title=team.title, team=team, calendar=self.calendar,
            targets=[{"priority": p, "resolve_minutes": 60 * p} for p in (1, 2, 3, 4)],
            team_agreed_at=datetime(2026, 1, 5, tzinfo=BERLIN),
        )  # fmt: skip
        return actions.move(made, "agree", by=SYSTEM)

    def live(self, count: int) -> None:
        for _ in range(count):
            start = datetime(2026, 3, 26, 7, tzinfo=BERLIN) + timedelta(minutes=self.chance.randrange(4 * 24 * 60))
            team = self.chance.choice([None, *self.teams])
            self.incidents.append(self.an_incident(at=start, team=team, impact=self.chance.randrange(1, 4)))
            self._live(self.incidents[-1], start)
            self._meanwhile()

    def _live(self, incident, moment: datetime) -> None:
        for _ in range(self.chance.randrange(9)):
            moment += timedelta(minutes=self.chance.randrange(700))
            told = max(moment - timedelta(minutes=self.chance.choice([0, 0, 0, 45])), incident.opened_at)
            move = self.chance.choice(incident.kind.workflow_of(incident).moves_from(incident.status) or [None])
            if move is None or move.name in {"merge", "unmerge"}:
                continue
            facts = {
                "wait": {"waiting_reason": "user"},
                "resolve": {"resolution": "Done", "closure_code": "solved"},
                "close": {"resolution": "Done", "closure_code": "solved"},
                "assign": {"team": self.chance.choice(self.teams)},
                "escalate": {"team": self.chance.choice(self.teams)},
            }.get(move.name, {})  # fmt: skip
            actions.move(
                incident, move.name, by=SYSTEM, at=moment if move.name in {"resolve", "close"} else told,
                because="Because", **facts,
            )  # fmt: skip
            if self.chance.random() < 0.4:
                actions.change(incident, by=SYSTEM, at=moment, impact=self.chance.randrange(1, 4))

    def _meanwhile(self) -> None:
        """Now and then somebody revises an agreement or the hours, and lets open records obey them."""
        if self.chance.random() < 0.3:
            closed = f"2026-03-{self.chance.choice((27, 30, 31))}"
            made_up = {"2026-03-28": [["09:00", "13:00"]]}
            actions.change(self.calendar, by=SYSTEM, hours=HOURS | {"closed": [closed], "open": made_up})
        if self.chance.random() < 0.3:
            self._revise(self.agreement, {"customer_agreed_at": AGREED, "provider_agreed_at": AGREED})
        if self.chance.random() < 0.3:
            self._revise(self.internal[0], {"team_agreed_at": AGREED})
        if self.chance.random() < 0.3:
            about = self.chance.choice([self.agreement, self.internal[0], self.calendar])
            apply_to_open_records(about, by=SYSTEM, because="Decided")
            for incident in self.incidents:
                incident.refresh_from_db()

    def _revise(self, agreement, again) -> None:
        actions.move(agreement, "revise", by=SYSTEM, because="Other terms")
        factor = self.chance.randrange(1, 5)
        targets = [
            {**row, "resolve_minutes": max(row["resolve_minutes"] // 4 * factor + 15, row.get("respond_minutes", 0))}
            for row in agreement.targets
        ]
        actions.change(agreement, by=SYSTEM, targets=targets)
        actions.move(agreement, "agree", by=SYSTEM, **again)


def kept(incidents):
    """Everything that is kept about clocks, turns and escalations; ids are no part of what was derived."""

    def rows(model, without=("id",)):
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in without]
        return sorted(model.objects.values_list(*names), key=str)

    shown = sorted(type(incidents[0]).objects.values_list("number", *kind_named("incident").projections))
    return [rows(ClockProjection), rows(TeamClock), rows(Escalation), rows(EscalationStep), shown]


@pytest.mark.parametrize("seed", [22, 333, 4444])
def test_step_by_step_anew_in_any_order_and_in_any_batches_is_the_same(seed, an_agreement, an_incident):
    world = World(random.Random(seed), an_agreement, an_incident)
    world.live(10)
    for incident in world.incidents:
        follow(incident)
    step_by_step = kept(world.incidents)
    assert len(step_by_step[1]) > 2  # teams had their turns
    assert len(step_by_step[2]) > 3
    outcome = rederive(kind_named("incident"), check=True, batch=world.chance.randrange(1, 9))
    assert outcome.differing == []
    assert outcome.records == len(world.incidents)

    ClockProjection.objects.all().delete()
    TeamClock.objects.all().delete()
    mixed = list(world.incidents)
    world.chance.shuffle(mixed)
    while mixed:
        some = [mixed.pop() for _ in range(min(len(mixed), world.chance.randrange(1, 6)))]
        rebuild_incidents(some)
    for incident in world.incidents:
        follow(incident)
    assert kept(world.incidents) == step_by_step
    rebuild(world.incidents)
    assert rederive(kind_named("incident"), check=True).differing == []
    QueuedJob.objects.all().delete()


def test_a_row_that_somebody_altered_is_named_and_put_right(an_agreement, an_incident):
    an_agreement()
    incident = an_incident()
    ClockProjection.objects.filter(number=incident.number, name="resolve").update(target_seconds=1)
    kind = kind_named("incident")
    (found,) = rederive(kind, check=True).differing
    assert (found.number, found.what) == (incident.number, "clock resolve")
    assert ClockProjection.objects.get(number=incident.number, name="resolve").target_seconds == 1  # only looked at
    assert len(rederive(kind).differing) == 1
    assert rederive(kind, check=True).differing == []


# --- turns, by property ------------------------------------------------------------------------------

START = datetime(2026, 3, 9, 9, tzinfo=BERLIN)
moments = st.integers(1, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))


@st.composite
def lives(draw):
    happenings = [Happening(START, 1, None, Phase.OPEN, "", "new", 3)]
    phase = Phase.OPEN
    for at in sorted(draw(st.lists(moments, max_size=8, unique=True))):
        after = draw(st.sampled_from([Phase.OPEN, Phase.WAITING, Phase.RESOLVED]))
        happenings.append(Happening(at, 100 + len(happenings), phase, after, "", str(after), 3))
        phase = after
    given_to = [
        Assignment(at, 200 + n, draw(st.sampled_from(["A", "B", None])))
        for n, at in enumerate(sorted(draw(st.lists(moments, max_size=6, unique=True))))
    ]
    return happenings, given_to


@given(lives(), st.randoms())
def test_turns_follow_from_what_happened_not_from_the_order_of_asking(life, chance):
    happenings, given_to = life
    mixed = list(given_to)
    chance.shuffle(mixed)
    assert turns(happenings, mixed) == turns(happenings, given_to)


@given(lives())
def test_a_later_assignment_changes_no_earlier_turn_but_ends_the_last(life):
    happenings, given_to = life
    late = Assignment(START + timedelta(days=30), 900, "C")
    before, after = turns(happenings, given_to), turns(happenings, [*given_to, late])
    assert len(after) == len(before) + 1
    for one, two in zip(before, after, strict=False):
        assert two.happenings[: len(one.happenings)] == one.happenings
        assert two.end == (one.end or late.at if one is before[-1] and given_to[-1].team else one.end)


@given(lives())
def test_turns_lie_one_after_another_and_each_is_one_teams(life):
    happenings, given_to = life
    found = turns(happenings, given_to)
    assert [turn.nth for turn in found] == list(range(1, len(found) + 1))
    for one, two in pairwise(found):
        assert one.end is not None
        assert one.end <= two.assignment.at
    for turn in found:
        assert all(turn.assignment.at <= h.at and (turn.end is None or h.at <= turn.end) for h in turn.happenings)
