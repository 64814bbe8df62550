"""Time spent on records, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models

from gnomon.records.models import LedgerEntry, Record

SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes of one person on one day; below zero where they counter the entry `counters`."""

    version: int
    person: str
    minutes: int
    on: date
    text: str
    counters: int | None = None


def time_spent(record: Record) -> list[Spent]:
    """Every entry of time on a record, the newest first, counter entries too."""
    return [_spent(entry) for entry in _entries(record).order_by("-version")]


def minutes_of(numbers: Iterable[str], kind: str) -> dict[str, int]:
    """Number → the minutes spent on it in all, for many records of a kind in one query."""
    sums = dict.fromkeys(numbers, 0)
    found = LedgerEntry.objects.filter(number__in=list(sums), verb=f"{kind}:{SPENT}")
    for entry in found.only("number", "facts", "personal").iterator():
        sums[entry.number] += entry.changes["minutes"][1]
    return sums


def spent_entry(record: Record, version: int) -> LedgerEntry | None:
    """The entry of time with this version, unless it is a counter entry."""
    entry = _entries(record).filter(version=version).first() if 0 < version < 2**31 else None
    return entry if entry is not None and "counters" not in entry.changes else None


def taken_back(record: Record) -> set[int]:
    """The versions of entries that were countered."""
    return {one.counters for one in time_spent(record) if one.counters is not None}


def _entries(record: Record) -> models.QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(number=record.number, verb=f"{record.kind.name}:{SPENT}")


def _spent(entry: LedgerEntry) -> Spent:
    facts = {name: pair[1] for name, pair in entry.changes.items()}
    return Spent(
        entry.version, facts["person"], facts["minutes"], date.fromisoformat(facts["on"]), facts["text"],
        facts.get("counters"),
    )  # fmt: skip
