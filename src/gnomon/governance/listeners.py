"""What direction does at once when something happens to a record."""

from __future__ import annotations

from gnomon.governance.links import revoke_links
from gnomon.governance.mentions import tell_mentioned
from gnomon.governance.notices.entries import tell_later
from gnomon.records.listeners import Listener
from gnomon.records.models import LedgerEntry, Record


def take_back_links(record: Record, entry: LedgerEntry) -> None:
    """Whoever is the requester no longer keeps no key to the record."""
    if entry.version == 1 or '"requester"' not in entry.facts:
        return
    before, _now = entry.changes.get("requester", [None, None])
    if before:
        revoke_links(record, before)


MENTIONED = Listener(hear=tell_mentioned, verbs=("commented",))
ANOTHER_REQUESTER = Listener(hear=take_back_links)
WORTH_TELLING = Listener(hear=tell_later)
