"""Whose work a record is, by the ledger: nobody approves, judges or audits what they did themselves.

One place for the rule, so that erasures, judgements and samples mean the same by it.
"""

from __future__ import annotations

from gnomon.records.facts import HANGING
from gnomon.records.models import LedgerEntry, Record


def author_of(number: str) -> str:
    """Who recorded it; empty when the ledger knows no such record."""
    first = LedgerEntry.objects.filter(number=number, version=1).values_list("actor", flat=True)
    return first.first() or ""


def worked_on(record: Record, person: str) -> bool:
    """Whether it is a person's own work: they own it, or recorded, changed or moved it, or told of time spent on it.

    Words, files, links and people that were hung on it are no work: an auditor may ask a question.
    """
    owner = getattr(record, "owner", None)
    if owner is not None and owner.number == person:
        return True
    verbs = LedgerEntry.objects.filter(number=record.number, actor=person).values_list("verb", flat=True)
    return any(verb.rpartition(":")[2] not in HANGING for verb in verbs)
