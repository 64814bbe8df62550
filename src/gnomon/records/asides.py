"""What apps add to the timeline of a record that stands in no entry of its ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gnomon.records.models import Record
from gnomon.standard.collect import collect
from gnomon.ui.timeline import Entry


@dataclass(frozen=True, slots=True)
class Aside:
    """Lines beside the ledger, for those who read the whole kind: such as who was told of what.

    Declared in `<app>/asides.py`. `entries(record, since, before)` answers the lines of that stretch, newest first,
    both ends open when they are None; `sort` names the filter of the timeline that shows them.
    """

    sort: str
    entries: Callable[[Record, datetime | None, datetime | None], Sequence[Entry]]


def aside_entries(
    record: Record, sorts: frozenset[str], since: datetime | None, before: datetime | None
) -> list[Entry]:
    """The lines of all apps for these sorts."""
    asked = [aside for aside in collect("asides", Aside) if aside.sort in sorts]
    return [entry for aside in asked for entry in aside.entries(record, since, before)]
