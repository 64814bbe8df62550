"""What the ledger says of one record."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gnomon.records.facts import fold, is_note
from gnomon.records.models import LedgerEntry, Record


def history(record: Record) -> list[LedgerEntry]:
    """All entries of a record, oldest first."""
    return list(LedgerEntry.objects.filter(number=record.number).order_by("version"))


def last_entries(record: Record, most: int) -> list[LedgerEntry]:
    """The newest `most` entries of a record, newest first."""
    return list(LedgerEntry.objects.filter(number=record.number).order_by("-version")[:most])


@lru_cache(maxsize=512)
def as_of_version(number: str, version: int) -> dict[str, Any]:
    """The facts of a record as they stood at one version; never changes, so it is remembered.

    Callers must not alter the answer. LookupError when the ledger has no such version.
    """
    known: dict[str, Any] = {}
    seen = 0
    for entry in LedgerEntry.objects.filter(number=number, version__lte=version).order_by("version"):
        if not is_note(entry.verb):
            fold(entry.changes, known)
        seen = entry.version
    if seen != version:
        raise LookupError(f"The ledger has no version {version} of {number}.")
    return known
