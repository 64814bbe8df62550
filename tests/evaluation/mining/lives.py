"""Six incidents that went six ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.makers import a_team
from tests.resolution.makers import an_incident

from gnomon.organization.models import Person
from gnomon.records import actions

SOLVED = {"resolution": "Restarted", "closure_code": "solved"}


def make_lives(bob: Person, begin: datetime | None = None) -> list[str]:
    """Numbers of: untouched, closed, waited twice, reopened and closed, cancelled, handed to and fro."""
    desk, network = a_team("Desk"), a_team("Network")
    begin = begin or datetime.now(UTC) - timedelta(days=20)
    life = Life(begin, bob)
    return [
        life.of(),
        life.of(("assign", 1, {"team": desk}), ("start", 2, {}), ("resolve", 5, SOLVED), ("close", 50, {}), priority=2),
        life.of(
            ("assign", 1, {"team": desk}), ("start", 2, {}), ("wait", 3, {"waiting_reason": "user"}), ("resume", 9, {}),
            ("wait", 10, {"waiting_reason": "supplier"}), ("resume", 40, {}), ("resolve", 41, SOLVED), priority=2,
        ),
        life.of(
            ("assign", 1, {"team": network}), ("start", 2, {}), ("resolve", 3, SOLVED),
            ("reopen", 20, {"because": "It is back"}), ("resolve", 22, SOLVED), ("close", 100, {}),
        ),
        life.of(("assign", 1, {"team": desk}), ("cancel", 2, {"because": "Not ours"})),
        life.of(
            (None, 1, {"team": desk}), (None, 2, {"team": network}), (None, 5, {"team": desk}),
        ),
    ]  # fmt: skip


class Life:
    """Lives incidents from one moment on; steps are a move (or a change), hours after the beginning, and facts."""

    def __init__(self, begin: datetime, by: Person) -> None:
        self.begin, self.by = begin, by

    def of(self, *steps: tuple[str | None, float, dict[str, Any]], **facts: Any) -> str:
        incident = an_incident(at=self.begin, opened_at=self.begin, by=self.by, **facts)
        for move, hours, given in steps:
            at = self.begin + timedelta(hours=hours)
            if move is None:
                actions.change(incident, by=self.by, at=at, **given)
            else:
                actions.move(incident, move, by=self.by, at=at, **given)
        number: str = incident.number
        return number
