"""The turns of teams as people see them, beside the clocks of the customer (8.3.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gnomon.agreements.clock.definitions import TEAM
from gnomon.agreements.clock.derive import derive
from gnomon.agreements.clocks import history_of
from gnomon.agreements.policies import pinned_calendar, policy_of
from gnomon.agreements.stories import policy_words, stretches_of, time_left
from gnomon.agreements.team_clocks import pins_of, turns_of
from gnomon.organization.models import Team
from gnomon.records.models import Record
from gnomon.records.queries import names_of


@dataclass(frozen=True, slots=True)
class TeamStory:
    """One turn: which team, from when to when, and how it did; without an agreement it has no target."""

    title: str
    start: datetime
    end: datetime | None
    left: Any
    pinned: bool
    policy: str
    policy_url: str
    stretches: Any
    elapsed: timedelta
    target: timedelta | None


def team_stories(record: Record, now: datetime | None = None) -> list[TeamStory]:
    """The turns of a record, the first one first."""
    now = now or timezone.now()
    turns = turns_of(history := history_of(record))
    if not turns:
        return []
    titles = dict(
        Team.objects.filter(number__in={turn.assignment.team for turn in turns}).values_list("number", "title")
    )
    names = names_of({happening.actor for happening in history.happenings} | {t.assignment.actor for t in turns})
    found = []
    for turn in turns:
        pins = pins_of(turn.assignment)
        clock, calendar = derive(TEAM, policy_of(pins, TEAM.measure), turn.happenings, now), pinned_calendar(pins)
        found.append(
            TeamStory(
                title=titles.get(turn.assignment.team or "", turn.assignment.team or ""),
                start=turn.assignment.at, end=turn.end, left=time_left(clock, calendar, now),
                pinned=pins.sla is not None, policy=policy_words(pins),
                policy_url=f"/agreements/operational-level-agreements/{pins.sla}" if pins.sla else "",
                stretches=stretches_of(clock, calendar, now, names),
                elapsed=timedelta(seconds=clock.elapsed_seconds),
                target=None if clock.target_seconds is None else timedelta(seconds=clock.target_seconds),
            )
        )  # fmt: skip
    return found
