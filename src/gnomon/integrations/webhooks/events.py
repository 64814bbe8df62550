"""What happened, as a CloudEvent (1.0) that the webhook's owner may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings

from gnomon.integrations.models import WebhookDelivery, WebhookSubscription
from gnomon.organization.models import Person
from gnomon.records.facts import is_note, moment_text
from gnomon.records.kinds import kind_of_number
from gnomon.records.models import LedgerEntry
from gnomon.records.permissions import may
from gnomon.records.plain import as_plain

# Internal to access and not for others to hear of, whoever owns the webhook.
UNTOLD = frozenset({"token:made", "token:rotated", "token:revoked", "locked_out", "password:changed"})


@dataclass(frozen=True, slots=True)
class Message:
    """A body with the headers that belong to it."""

    body: bytes
    headers: dict[str, str]


def message_of(delivery: WebhookDelivery) -> Message | None:
    """The event of a delivery; None when the webhook's owner may not see it (any more)."""
    event = _test(delivery) if delivery.sequence is None else _event(delivery.subscription.owner, delivery.sequence)
    if event is None:
        return None
    if delivery.subscription.mode == WebhookSubscription.Mode.STRUCTURED:
        body = msgspec.json.encode(event)
        return Message(body, {"Content-Type": "application/cloudevents+json; charset=utf-8"})
    data = event.pop("data")
    headers = {f"ce-{name}": str(value) for name, value in event.items() if name != "datacontenttype"}
    return Message(msgspec.json.encode(data), {"Content-Type": "application/json", **headers})


def _event(owner: Person | None, sequence: int) -> dict[str, Any] | None:
    entry = LedgerEntry.objects.filter(pk=sequence).first()
    if entry is None or owner is None or not owner.is_active:
        return None
    kind, verb = kind_of_number(entry.number), entry.verb.partition(":")[2]
    record = kind.model.objects.visible_to(owner).filter(number=entry.number).first()
    # Who does not read the whole kind is told nothing of its ledger: what one entry may say to them differs.
    if record is None or not may(owner, "read", kind) or verb in UNTOLD:
        return None
    data = {
        "number": entry.number, "kind": kind.name, "verb": verb, "version": entry.version, "by": entry.actor,
        "happened_at": moment_text(entry.happened_at), "recorded_at": moment_text(entry.recorded_at),
        "because": entry.because, "note": is_note(entry.verb), "facts": entry.changes,
        "record": as_plain(kind, record, to=owner),
    }  # fmt: skip
    event = f"{kind.name}.{verb.replace(':', '_')}"
    return _envelope(str(entry.sequence), event, entry.number, moment_text(entry.happened_at), data)


def _test(delivery: WebhookDelivery) -> dict[str, Any]:
    number = delivery.subscription.number
    data = {"number": number, "verb": "test", "says": "This is a test; nothing has happened."}
    made = moment_text(delivery.made_at)
    return _envelope(f"test-{delivery.pk}", "webhook_subscription.test", number, made, data)


def _envelope(key: str, event: str, subject: str, time: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": key, "source": settings.PUBLIC_URL, "type": f"cn.gnomon.{event}.v1",
        "subject": subject, "time": time, "datacontenttype": "application/json", "data": data,
    }  # fmt: skip
