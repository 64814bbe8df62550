"""Registers as they stood at a moment in the world: for what is judged by its state and not by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gnomon.records.facts import fold, is_note
from gnomon.records.models import LedgerEntry

# Entries about what hangs on a record: they stand in its ledger and change none of its facts.
NOT_FACTS = (":commented", ":attached", ":linked", ":unlinked", ":joined", ":left", ":escalation", ":spent")


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it stood: its facts as the ledger writes them, blank ones left out.

    `told_at` is when its first entry happened, `told_by` the number of whoever told it.
    """

    number: str
    told_at: datetime
    told_by: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return str(self.facts.get("status", ""))


_REMEMBERED: ContextVar[dict[tuple[str, datetime], Mapping[str, Known]] | None] = ContextVar("known", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it a register is read once for each moment, however many ask; nothing written meanwhile is seen."""
    token = _REMEMBERED.set({})
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


def known_at(kind: str, moment: datetime) -> Mapping[str, Known]:
    """Every record of a kind that existed at a moment, by number, with all that had happened to it until then.

    Reads all entries of the kind: for services and agreements, not for what is recorded by the thousand.
    """
    remembered = _REMEMBERED.get()
    if remembered is None:
        return _read(kind, moment)
    if (kind, moment) not in remembered:
        remembered[kind, moment] = _read(kind, moment)
    return remembered[kind, moment]


def known_among(numbers: Iterable[str], moment: datetime) -> Mapping[str, Known]:
    """The same for some records of any kind, each by its number."""
    return _folded(LedgerEntry.objects.filter(number__in=set(numbers), happened_at__lte=moment))


def _read(kind: str, moment: datetime) -> Mapping[str, Known]:
    return _folded(LedgerEntry.objects.filter(kind=kind, happened_at__lte=moment))


def _folded(entries: QuerySet[LedgerEntry]) -> Mapping[str, Known]:
    found: dict[str, Known] = {}
    for entry in entries.order_by("number", "version").iterator():
        known = found.setdefault(entry.number, Known(entry.number, entry.happened_at, entry.actor))
        if not is_note(entry.verb):
            fold(entry.changes, known.facts)
    return found
