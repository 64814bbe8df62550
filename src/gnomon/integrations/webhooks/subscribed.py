"""Which receivers want to hear of an entry: looked up in memory, so that recording waits for nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.db import transaction

from gnomon.integrations.models import WebhookSubscription
from gnomon.integrations.webhooks.rules import patterns_of
from gnomon.records.models import LedgerEntry, Record

# Another process learns of a new or changed webhook this many seconds later at most.
KNOWN_FOR = 5.0
HEARING = ("active", "paused")
now = time.monotonic


@dataclass(frozen=True, slots=True)
class Known:
    """The receivers and their patterns, as they were read at a moment."""

    at: float
    receivers: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]


_known: Known | None = None
_guard = threading.Lock()


def receivers_of(kind: str, verb: str) -> list[int]:
    """The keys of the webhooks that want to hear of this verb on this kind."""
    known = _known
    if known is None or now() - known.at > KNOWN_FOR:
        known = _read()
    return [
        key for key, patterns in known.receivers
        if any(k in {kind, "*"} and v in {verb, "*"} for k, v in patterns)
    ]  # fmt: skip


def forget_receivers() -> None:
    """Look again at the next entry."""
    global _known  # noqa: PLW0603 - one memory for the process
    _known = None


def follow_subscription(_record: Record, _entry: LedgerEntry) -> None:
    """A webhook that was changed is looked at again, now and when the change stands."""
    forget_receivers()
    transaction.on_commit(forget_receivers)


def _read() -> Known:
    global _known  # noqa: PLW0603 - as above
    rows = WebhookSubscription.objects.filter(status__in=HEARING).values_list("pk", "events")
    found = Known(now(), tuple((key, tuple(patterns_of(events))) for key, events in rows))
    with _guard:
        _known = found
    return found
