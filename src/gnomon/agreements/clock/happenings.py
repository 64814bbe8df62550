"""What happened to a record, as far as clocks care: one happening for each ledger entry that matters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from gnomon.workflow.tables import Phase


class Happening(NamedTuple):
    """One moment in the life of a record.

    `before` is empty for the happening that made the record; `priority` is the one in force after it.
    `names` are the events it carries ("recorded", "responded", "reopened"); `entry` is its ledger sequence.
    A tuple and not a dataclass: an import makes hundreds of thousands.
    """

    at: datetime
    entry: int
    phase_before: Phase | None
    phase_after: Phase
    status_before: str = ""
    status_after: str = ""
    priority: int | None = None
    names: frozenset[str] = frozenset()
    actor: str = ""
    cause: str = ""


_world_order = itemgetter(0, 1)


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    """By the time it happened; entries of one moment in the order in which they were told."""
    return sorted(happenings, key=_world_order)
