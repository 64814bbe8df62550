"""The worker's part: deliver one event, or say when it is tried again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gnomon.governance.notices import tell
from gnomon.integrations.models import WebhookDelivery, WebhookHealth, WebhookSubscription
from gnomon.integrations.notices import DISABLED
from gnomon.integrations.webhooks.events import Message, message_of
from gnomon.integrations.webhooks.queueing import DELIVER
from gnomon.integrations.webhooks.refusals import NotSent
from gnomon.integrations.webhooks.secrets import keys_of, signature
from gnomon.integrations.webhooks.sending import Answered, send
from gnomon.jobs.actions import enqueue
from gnomon.records.actions import move
from gnomon.records.actors import SYSTEM
from gnomon.records.refusals import Refused

# After the first attempt; about two days in all.
PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
LONGEST_REST = timedelta(minutes=5)
GONE = 410
State = WebhookDelivery.State


def deliver(delivery: int) -> None:
    """Deliver an event once; what fails is stored with its reason and tried again later, then given up."""
    found = WebhookDelivery.objects.select_related("subscription__owner").filter(pk=delivery).first()
    if found is None or found.state != State.WAITING or _must_wait(found):
        return
    message = message_of(found)
    keys = keys_of(found.subscription)
    if message is None or not keys:
        found.state, found.reason = State.WITHHELD, "The owner may not see this." if keys else "There is no secret."
        found.save(update_fields=["state", "reason"])
        return
    # No transaction is open while others are waited for.
    try:
        answered = send(found.subscription.url, _headers(found, message, keys), message.body)
    except NotSent as refusal:
        _failed(found, None, str(refusal), "")
    else:
        if answered.taken:
            _delivered(found, answered)
        else:
            _failed(found, answered.status, _words_for(answered), answered.snippet)


def _must_wait(delivery: WebhookDelivery) -> bool:
    """Whether it is not for now: paused, ended, or the receiver is left alone for a while."""
    subscription = delivery.subscription
    if delivery.sequence is not None and subscription.status == "paused":
        return True  # taken up again when it is resumed
    if delivery.sequence is not None and subscription.status != "active":
        delivery.state, delivery.reason = State.DEAD, f"The webhook is {subscription.status}."
        delivery.save(update_fields=["state", "reason"])
        return True
    rests = WebhookHealth.objects.filter(subscription=subscription).values_list("rests_until", flat=True).first()
    if rests is None or rests <= timezone.now() or delivery.sequence is None:
        return False
    # One that hangs costs the worker one attempt in a while, however many events wait for it.
    _later(delivery, rests + timedelta(milliseconds=100 * (delivery.pk % 50)))
    return True


def _headers(delivery: WebhookDelivery, message: Message, keys: list[bytes]) -> dict[str, str]:
    timestamp = int(time.time())
    return message.headers | {
        "webhook-id": delivery.message_id, "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(keys, delivery.message_id, timestamp, message.body),
    }  # fmt: skip


@transaction.atomic
def _delivered(delivery: WebhookDelivery, answered: Answered) -> None:
    WebhookHealth.objects.filter(subscription=delivery.subscription).delete()
    _note(delivery, State.DELIVERED, answered.status, "", answered.snippet)


@transaction.atomic
def _failed(delivery: WebhookDelivery, status: int | None, reason: str, snippet: str) -> None:
    now = timezone.now()
    health, _made = WebhookHealth.objects.get_or_create(subscription=delivery.subscription)
    health.failures += 1
    health.failing_since = health.failing_since or now
    health.rests_until = now + min(LONGEST_REST, timedelta(seconds=2 ** min(health.failures, 10)))
    health.save()
    # A test is for whoever waits in front of the page: one attempt tells.
    dead = delivery.attempts >= len(PAUSES) or delivery.sequence is None or status == GONE
    _note(delivery, State.DEAD if dead else State.WAITING, status, reason, snippet)
    if not dead:
        _later(delivery, now + PAUSES[delivery.attempts - 1])
    if delivery.sequence is not None and (
        status == GONE or now - health.failing_since >= timedelta(days=settings.WEBHOOKS_DISABLED_AFTER_DAYS)
    ):
        _disable(delivery.subscription, health.failing_since, reason)


def _note(delivery: WebhookDelivery, state: str, status: int | None, reason: str, snippet: str) -> None:
    seen = {
        "state": state, "status": status, "reason": reason[:500], "snippet": snippet, "tried_at": timezone.now(),
        "attempts": delivery.attempts + 1, "due_at": None,
    }  # fmt: skip
    for name, value in seen.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=list(seen))


def _later(delivery: WebhookDelivery, at: datetime) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=at)
    enqueue(DELIVER, cause=delivery.about, run_after=at, delivery=delivery.pk)


def _disable(subscription: WebhookSubscription, since: datetime, reason: str) -> None:
    """Take a receiver off that nobody has seen for days, and tell its owner."""
    present = WebhookSubscription.objects.get(pk=subscription.pk)
    try:
        move(present, "disable", by=SYSTEM, because=f"Failing since {since:%Y-%m-%d %H:%M} UTC. {reason}"[:4000])
    except Refused:
        return  # somebody was quicker
    owner = [present.owner.number] if present.owner is not None else []
    tell(owner, DISABLED, about=present, text=reason, cause=f"{present.number}/{present.version}")


def _words_for(answered: Answered) -> str:
    if 300 <= answered.status < 400:
        return f"The receiver answered {answered.status} and points elsewhere, which is not followed. Correct it."
    return f"The receiver answered {answered.status}."
