"""Whoever is named in a comment is told of it (7.4)."""

from __future__ import annotations

from gnomon.governance.notices import MENTIONED, tell
from gnomon.records.models import LedgerEntry, Record


def tell_mentioned(record: Record, entry: LedgerEntry) -> None:
    """Tell those whom a comment names, each once for each comment."""
    if '"mentioned"' not in entry.facts:
        return
    changes = entry.changes
    people = changes.get("mentioned", [None, []])[1]
    if not people:
        return
    tell(
        people, MENTIONED, about=record, text=str(changes["text"][1])[:1000],
        cause=f"mention:{entry.number}:{entry.version}", by=entry.actor,
        url=f"{record.get_absolute_url()}#entry-{entry.version}", internal=bool(changes["internal"][1]),
    )  # fmt: skip
