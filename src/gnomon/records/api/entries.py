"""The ledger of one record: what happened to it, in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ninja import Schema
from pydantic import Field

from gnomon.records.api.paging import MOST, PARAMETERS, USUAL, among_staff
from gnomon.records.cursors import read_cursor, signed_cursor
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint
from gnomon.records.facts import is_note, moment_text
from gnomon.records.models import LedgerEntry
from gnomon.records.permissions import hears_reason, told_to
from gnomon.records.timelines import verb_title

# What is said and given openly, of notes that are for everybody who may know of the record.
OPEN_FACTS = frozenset({"text", "name"})


class EntryTold(Schema):
    version: int
    verb: str
    title: str
    by: str
    happened_at: str
    recorded_at: str
    because: str
    facts: dict[str, list[Any]] = Field(description="Field to its value before and after.")
    digest: str = Field(description="SHA-256 of the entry, in hexadecimal; empty for people who are not staff.")


class EntryPage(Schema):
    entries: list[EntryTold]
    next: str | None


def entries(call: Call) -> dict[str, Any]:
    """The ledger entries of the record by version; people who are not staff read what their page shows."""
    place, limit = f"entries {call.record.number}", call.number("limit", USUAL, MOST)
    behind = int(read_cursor(place, call.query.get("cursor", "")) or 0)
    found = list(
        LedgerEntry.objects.filter(number=call.record.number, version__gt=behind).order_by("version")[: limit + 1]
    )
    after = signed_cursor(place, str(found[limit - 1].version)) if len(found) > limit else None
    tell = _in_full if among_staff(call) else _openly
    return {"entries": list(tell(call, found[:limit])), "next": after}


def _in_full(call: Call, found: Iterable[LedgerEntry]) -> Iterable[dict[str, Any]]:
    return (_told(call, e, e.changes, e.because, bytes(e.digest).hex()) for e in found)


def _openly(call: Call, found: Iterable[LedgerEntry]) -> Iterable[dict[str, Any]]:
    assert call.kind is not None
    known = told_to(call.person, call.kind) or frozenset()
    for entry in found:
        changes, verb, note = entry.changes, entry.verb.partition(":")[2], is_note(entry.verb)
        if note and (verb not in {"commented", "attached"} or changes.get("internal", [None, False])[1]):
            continue
        facts = {name: pair for name, pair in changes.items() if name in (OPEN_FACTS if note else known)}
        because = entry.because if hears_reason(call.person, call.kind, verb, entry.actor) else ""
        if facts or because:
            yield _told(call, entry, facts, because, "")


def _told(call: Call, entry: LedgerEntry, facts: dict[str, Any], because: str, digest: str) -> dict[str, Any]:
    verb = entry.verb.partition(":")[2]
    assert call.kind is not None
    return {
        "version": entry.version, "verb": verb, "title": verb_title(call.kind, call.record, verb), "by": entry.actor,
        "happened_at": moment_text(entry.happened_at), "recorded_at": moment_text(entry.recorded_at),
        "because": because, "facts": facts, "digest": digest,
    }  # fmt: skip


ENTRIES = Endpoint(
    "entries_of", "get", "entries", entries, "Read the ledger of a record", kind=EVERY_KIND, tells=EntryPage,
    parameters=PARAMETERS, description="All that happened to the record, oldest first, with values before and after.",
)  # fmt: skip
