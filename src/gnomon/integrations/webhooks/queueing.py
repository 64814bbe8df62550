"""Deliveries stored, sent again, and forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.integrations.models import WebhookDelivery, WebhookHealth, WebhookSubscription
from gnomon.integrations.webhooks.rules import patterns_of
from gnomon.integrations.webhooks.subscribed import receivers_of
from gnomon.jobs.actions import enqueue
from gnomon.records import actions, permissions
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor

DELIVER = "integrations:deliver_webhook"
MOST_REPLAYED = 10_000
KEPT_FOR = timedelta(days=30)
DEAD_KEPT_FOR = timedelta(days=90)
State = WebhookDelivery.State


def hear_for_webhooks(_record: Record, entry: LedgerEntry) -> None:
    """Store a delivery for each receiver that wants to hear of this entry, in the transaction that left it."""
    kind, _colon, verb = entry.verb.partition(":")
    for key in receivers_of(kind, verb):
        store_delivery(key, event=entry.verb, about=entry.number, sequence=entry.sequence)


def store_delivery(subscription: int, *, event: str, about: str, sequence: int | None) -> WebhookDelivery:
    """A delivery that the worker makes as soon as this transaction stands."""
    stored = WebhookDelivery.objects.create(
        subscription_id=subscription, event=event, about=about, sequence=sequence, made_at=timezone.now()
    )
    enqueue(DELIVER, cause=about, delivery=stored.pk)
    return stored


@transaction.atomic
def send_test(subscription: WebhookSubscription, *, by: Actor) -> WebhookDelivery:
    """Send the receiver an event that tells of nothing, whether or not it is active."""
    permissions.require(by, "change", subscription.kind)
    if not subscription.secrets.exists():
        says = _("Make a secret first, and give it to the receiver.")
        raise InvalidFacts(says, {"secret": says})
    actions.note(subscription, "tested", by=by)
    return store_delivery(subscription.pk, event="webhook_subscription:test", about=subscription.number, sequence=None)


@transaction.atomic
def replay(subscription: WebhookSubscription, deliveries: Iterable[int], *, by: Actor) -> int:
    """Send chosen deliveries again, each under the id that it had; how many there were."""
    permissions.require(by, "change", subscription.kind)
    found = list(subscription.deliveries.filter(pk__in=list(deliveries)).exclude(state=State.WAITING))
    return _send_again(subscription, found, by, "")


@transaction.atomic
def replay_since(subscription: WebhookSubscription, since: datetime, *, by: Actor) -> int:
    """Send all that the receiver wanted to hear of since a moment again, from the ledger; how many there were.

    Under the same ids as before, so that a receiver that keeps count takes each once.
    """
    permissions.require(by, "change", subscription.kind)
    patterns = patterns_of(subscription.events)
    wanted = []
    for entry in LedgerEntry.objects.filter(recorded_at__gte=since).order_by("sequence").iterator():
        kind, _colon, verb = entry.verb.partition(":")
        if any(k in {kind, "*"} and v in {verb, "*"} for k, v in patterns):
            wanted.append(entry)
        if len(wanted) > MOST_REPLAYED:
            says = _("More than %(most)d events since then. Choose a later moment, then go on from there.")
            raise InvalidFacts(says % {"most": MOST_REPLAYED}, {"since": says % {"most": MOST_REPLAYED}})
    sequences = [entry.sequence for entry in wanted]
    stored = {d.sequence: d for d in subscription.deliveries.filter(sequence__gte=min(sequences, default=0))}
    again = [
        stored.get(entry.sequence)
        or WebhookDelivery(
            subscription=subscription, event=entry.verb, about=entry.number, sequence=entry.sequence,
            made_at=timezone.now(),
        )
        for entry in wanted
    ]  # fmt: skip
    return _send_again(subscription, [one for one in again if one.pk is None or one.state != State.WAITING], by, since)


def take_up_again(subscription: Record, entry: LedgerEntry) -> None:
    """Have the worker deliver what waited while the webhook was paused."""
    assert isinstance(subscription, WebhookSubscription)
    if entry.verb != "webhook_subscription:resume":
        return
    WebhookHealth.objects.filter(subscription=subscription).delete()
    for key in subscription.deliveries.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True):
        enqueue(DELIVER, cause=subscription.number, key=f"delivery {key}", delivery=key)


def forget_deliveries() -> None:
    """Delete what arrived a month ago, and what was given up three months ago."""
    now = timezone.now()
    ended = WebhookDelivery.objects.filter(state__in=(State.DELIVERED, State.WITHHELD), made_at__lt=now - KEPT_FOR)
    ended.delete()
    WebhookDelivery.objects.filter(state=State.DEAD, made_at__lt=now - DEAD_KEPT_FOR).delete()


def _send_again(
    subscription: WebhookSubscription, deliveries: list[WebhookDelivery], by: Actor, since: datetime | str
) -> int:
    if not deliveries:
        return 0
    WebhookHealth.objects.filter(subscription=subscription).update(rests_until=None, failures=0)
    for delivery in deliveries:
        delivery.state, delivery.attempts, delivery.due_at = State.WAITING, 0, None
        delivery.save()
        enqueue(DELIVER, cause=subscription.number, key=f"delivery {delivery.pk}", delivery=delivery.pk)
    actions.note(subscription, "replayed", by=by, count=[None, len(deliveries)], since=[None, since or None])
    return len(deliveries)
