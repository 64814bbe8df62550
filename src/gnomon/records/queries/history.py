"""What the ledger says of one record."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from gnomon.records.facts import fold, is_note
from gnomon.records.models import LedgerEntry, Record

REMEMBERED = 512
_remembered: dict[tuple[str, int], dict[str, Any]] = {}
once_it_stands = transaction.on_commit


def history(record: Record) -> list[LedgerEntry]:
    """All entries of a record, oldest first."""
    return list(LedgerEntry.objects.filter(number=record.number).order_by("version"))


def last_entries(record: Record, most: int) -> list[LedgerEntry]:
    """The newest `most` entries of a record, newest first."""
    return list(LedgerEntry.objects.filter(number=record.number).order_by("-version")[:most])


def as_of_version(number: str, version: int) -> dict[str, Any]:
    """The facts of a record as they stood at one version; remembered once that cannot change.

    Callers must not alter the answer. LookupError when the ledger has no such version.
    """
    if (number, version) in _remembered:
        return _remembered[number, version]
    known: dict[str, Any] = {}
    seen = 0
    for entry in LedgerEntry.objects.filter(number=number, version__lte=version).order_by("version"):
        if not is_note(entry.verb):
            fold(entry.changes, known)
        seen = entry.version
    if seen != version:
        raise LookupError(f"The ledger has no version {version} of {number}.")
    # Only once this transaction stands: one that is taken back gives its numbers to other records.
    once_it_stands(partial(_remember, number, version, known))
    return known


def forget_versions() -> None:
    """Forget what was remembered, for whoever changes the database underneath."""
    _remembered.clear()


def _remember(number: str, version: int, known: dict[str, Any]) -> None:
    while len(_remembered) >= REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)
    _remembered[number, version] = known
