"""What apps do in the very transaction in which something happens to a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gnomon.records.models import LedgerEntry, Record
from gnomon.standard.collect import collect


@dataclass(frozen=True, slots=True)
class Listener:
    """What an app does when an entry is left on a record: usually, store a job for later.

    Declared in `<app>/listeners.py`; `hear(record, entry)` runs inside the writing transaction, after the
    kind's own `after`, so it must be quick and must not talk to others. `kinds` and `verbs` (without the
    kind: `commented`, `resolve`) narrow what it hears; empty means all. History that is imported is not heard.
    """

    hear: Callable[[Record, LedgerEntry], None]
    kinds: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()

    def hears(self, entry: LedgerEntry) -> bool:
        kind, _colon, verb = entry.verb.partition(":")
        return (not self.kinds or kind in self.kinds) and (not self.verbs or verb in self.verbs)


def tell_listeners(record: Record, entry: LedgerEntry) -> None:
    """Let every app hear of an entry that was left this moment."""
    for listener in collect("listeners", Listener):
        if listener.hears(entry):
            listener.hear(record, entry)
