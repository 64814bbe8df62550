"""What resolution does at once when something happens to an incident."""

from __future__ import annotations

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.listeners import Listener
from gnomon.records.models import LedgerEntry, Record
from gnomon.resolution.models import Incident
from gnomon.resolution.models.incident import WaitingReason
from gnomon.resolution.ratings import ask_when_closed
from gnomon.resolution.relays import pass_on


def go_on_when_answered(record: Record, entry: LedgerEntry) -> None:
    """What waits for its requester goes on with their words, at whichever door they say them."""
    assert isinstance(record, Incident)
    waits = record.status == "waiting" and record.waiting_reason == WaitingReason.USER
    among_staff = bool(entry.changes.get("internal", [None, False])[1])
    if waits and not among_staff and record.requester is not None and record.requester.number == entry.actor:
        actions.move(record, "resume", by=SYSTEM, at=entry.happened_at)


ANSWER = Listener(hear=go_on_when_answered, kinds=("incident",), verbs=("commented",))
CLOSED = Listener(hear=ask_when_closed, kinds=("incident",), verbs=("close",))
SAID = Listener(hear=pass_on, kinds=("incident",), verbs=("commented", "attached"))
