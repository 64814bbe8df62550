"""Incidents whose lives go on at random, as the tests of what is kept between two looks need them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.resolution.stage import an_incident, at, close, resolve

from gnomon.organization.models import Team
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.resolution.models import Incident


def live_on(
    draw: random.Random, incidents: list[Incident], teams: Sequence[Team | None] = (None,), **others: Sequence[Any]
) -> None:
    """Somebody opens an incident, some told late, takes one further or back, or hands it to another of the teams.

    `others` are what else an incident may have when it is opened, as services.
    """
    day = datetime(2026, 5, 10, tzinfo=UTC) + timedelta(minutes=draw.randrange(60 * 24 * 60))
    open_ones = [one for one in incidents if one.status in {"new", "assigned"}]
    if not incidents or draw.random() < 0.4:
        late = timedelta(hours=draw.choice([0, 0, 3, 400]))
        facts: dict[str, Any] = {"impact": draw.choice([1, 2, 3]), "team": draw.choice(teams)}
        facts |= {name: draw.choice(some) for name, some in others.items()}
        incidents.append(an_incident(f"{day:%m-%d %H:%M}", f"{day + late:%m-%d %H:%M}", **facts))
        return
    one = draw.choice(open_ones or incidents)
    one.refresh_from_db()
    if len(teams) > 1 and one.status == "new" and draw.random() < 0.3:
        actions.change(one, by=SYSTEM, at=at("08-01 09:00"), team=draw.choice(teams))
        return
    happened = f"{max(one.opened_at, day):%m-%d %H:%M}"
    if one.status == "new":
        resolve(one, happened) if draw.random() < 0.7 else actions.move(
            one, "cancel", by=SYSTEM, at=at(happened), because="Nothing was wrong"
        )
    elif one.status == "resolved" and draw.random() < 0.5:
        close(one, f"{max(one.resolved_at or day, day):%m-%d %H:%M}")
    elif one.status == "resolved":
        actions.move(one, "reopen", by=SYSTEM, at=max(one.resolved_at or day, day), because="It is back.")
    one.refresh_from_db()
