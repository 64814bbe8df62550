"""What the page of a webhook shows: its secret, its receiver's health, and what became of deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from gnomon.integrations.models import WebhookDelivery, WebhookHealth, WebhookSubscription
from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor

SHOWN = 20


def deliveries(record: Record, person: Actor) -> Mapping[str, Any]:
    """The newest deliveries, those that were given up first, and how many there are of each state."""
    assert isinstance(record, WebhookSubscription)
    dead = list(record.deliveries.filter(state=WebhookDelivery.State.DEAD)[:SHOWN])
    others = list(record.deliveries.exclude(state=WebhookDelivery.State.DEAD)[:SHOWN])
    counted = dict(record.deliveries.order_by().values_list("state").annotate(Count("pk")))
    return {
        "dead": dead, "others": others, "may": may(person, "change", record.kind) and record.status != "ended",
        "has_secret": record.secrets.exists(), "here": record.get_absolute_url(),
        "health": WebhookHealth.objects.filter(subscription=record).first(),
        "counts": [(state.label, counted[state]) for state in WebhookDelivery.State if state in counted],
    }  # fmt: skip


DELIVERIES = Panel(
    kind="webhook_subscription", name="deliveries", template="integrations/_deliveries.html", context=deliveries,
    place="main",
)  # fmt: skip
