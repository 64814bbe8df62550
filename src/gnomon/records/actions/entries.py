"""Append one entry to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from gnomon.jobs.moments import milliseconds
from gnomon.jobs.rows import insert
from gnomon.records.facts import personal_names
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.entries import entry_digest, entry_seal
from gnomon.records.ledger.keys import seal_key
from gnomon.records.ledger.personal import divided
from gnomon.records.models import LedgerEntry


def append(
    *, kind: str, number: str, version: int, verb: str, actor: str, recorded_at: datetime, happened_at: datetime,
    facts: Mapping[str, list[Any]], because: str,
) -> LedgerEntry:  # fmt: skip
    """Write the entry with its digest and seal, in the caller's transaction."""
    text, personal = divided(facts, because, personal_names(kind_named(kind)))
    digest = entry_digest(
        kind, number, version, verb, actor, milliseconds(recorded_at), milliseconds(happened_at), text, because,
        personal,
    )  # fmt: skip
    entry = LedgerEntry(
        kind=kind, number=number, version=version, verb=verb, actor=actor, recorded_at=recorded_at,
        happened_at=happened_at, facts=text, because=because, personal=personal, digest=digest,
        seal=entry_seal(seal_key(settings.HOME / "keys"), digest),
    )  # fmt: skip
    insert(entry)
    return entry
