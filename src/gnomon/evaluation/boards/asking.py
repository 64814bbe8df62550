"""From plain parameters, of an address or a command, to what a dashboard is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gnomon.evaluation.boards.declared import Asked, Dashboard
from gnomon.evaluation.choices import NARROWED_BY, choice
from gnomon.evaluation.queries.dashboard import span_of_records

MORE = ("process", "step")


def asked_of(
    person: Any, board: Dashboard, given: Mapping[str, str], now: datetime | None = None
) -> tuple[Asked, datetime | None]:
    """What is asked, and of when the newest incident is; a narrowing that a dashboard does not offer is left out."""
    now = now or datetime.now(UTC)
    first, newest = span_of_records()
    wanted = {name: value for name, value in given.items() if name not in NARROWED_BY or name in board.narrowed_by}
    chosen = choice(wanted, first=first, newest=newest, now=now)
    return Asked(person, chosen, now, {name: given[name] for name in MORE if given.get(name)}), newest
