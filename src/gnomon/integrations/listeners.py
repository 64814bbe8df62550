"""Events for receivers outside, stored with what caused them."""

from __future__ import annotations

from gnomon.integrations.webhooks.queueing import hear_for_webhooks
from gnomon.records.listeners import Listener

FOR_WEBHOOKS = Listener(hear=hear_for_webhooks)
