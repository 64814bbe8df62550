"""Which receivers want to hear of an entry: looked up in memory, so that recording waits for nothing."""

from __future__ import annotations

from gnomon.integrations.models import WebhookSubscription
from gnomon.integrations.webhooks.rules import patterns_of
from gnomon.records.memory import Fresh

HEARING = ("active", "paused")


def receivers_of(kind: str, verb: str) -> list[int]:
    """The keys of the webhooks that want to hear of this verb on this kind."""
    return [
        key for key, patterns in _known()
        if any(k in {kind, "*"} and v in {verb, "*"} for k, v in patterns)
    ]  # fmt: skip


def _read() -> list[tuple[int, tuple[tuple[str, str], ...]]]:
    rows = WebhookSubscription.objects.filter(status__in=HEARING).values_list("pk", "events")
    return [(key, tuple(patterns_of(events))) for key, events in rows]


_known = Fresh(_read)
forget_receivers = _known.forget
