"""What an app lets escalation do to its records, declared in `<app>/escalations.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from gnomon.organization.models import Team
from gnomon.records.models import Record
from gnomon.records.refusals import Refused
from gnomon.standard.collect import collect


class NothingToDo(Refused):
    """A step that makes no sense for this record now, and is left out; `why` is one of `entries.why_words`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Means:
    """How records of a kind are escalated by themselves; each is an action with its own ledger entry.

    `reassign(record, team, because)` hands the record on, to the team that the present one escalates to when
    none is given. `raise_priority(record, because)` makes it more pressing by one. `escalated(record, because)`
    notes that somebody beyond the team was told. The first two raise NothingToDo when there is nothing to do.
    """

    kind: str
    reassign: Callable[[Record, Team | None, str], None]
    raise_priority: Callable[[Record, str], None]
    escalated: Callable[[Record, str], None]


@cache
def _by_kind() -> dict[str, Means]:
    return {means.kind: means for means in collect("escalations", Means)}


def means_of(kind: str) -> Means | None:
    """The means of a kind, or None when its records are not escalated."""
    return _by_kind().get(kind)
