"""The keys that deliveries are signed with (Standard Webhooks): shown once, kept encrypted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gnomon.integrations.models import WebhookSecret, WebhookSubscription
from gnomon.records import actions, permissions
from gnomon.standard.plugs import Actor

BEGINS = "whsec_"
OVERLAP = timedelta(hours=24)


@transaction.atomic
def make_secret(subscription: WebhookSubscription, *, by: Actor, overlap: timedelta = OVERLAP) -> str:
    """A new secret, told this once; the former one signs beside it for a day."""
    permissions.require(by, "change", subscription.kind)
    now, key = timezone.now(), secrets.token_bytes(32)
    actions.note(subscription, "secret:made", by=by)
    subscription.secrets.filter(until=None).update(until=now + overlap)
    WebhookSecret.objects.create(subscription=subscription, sealed=_box().encrypt(key).decode(), made_at=now)
    return BEGINS + base64.b64encode(key).decode()


def keys_of(subscription: WebhookSubscription) -> list[bytes]:
    """The keys that sign now, the newest first."""
    good = subscription.secrets.filter(Q(until=None) | Q(until__gt=timezone.now()))
    return [_box().decrypt(secret.sealed.encode()) for secret in good]


def signature(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """`webhook-signature`: v1 and the HMAC-SHA256 of id, time and body, once for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys
    )  # fmt: skip


def _box() -> Fernet:
    """Secrets are of no use to whoever has only the database."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"webhook " + settings.SECRET_KEY.encode()).digest()))
