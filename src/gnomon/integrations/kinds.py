"""Webhooks: receivers outside that are told of what happens here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.integrations.models import WebhookSubscription
from gnomon.integrations.webhooks.queueing import take_up_again
from gnomon.integrations.webhooks.rules import check_subscription, prepare_subscription
from gnomon.integrations.webhooks.subscribed import forget_receivers
from gnomon.integrations.workflows import WEBHOOK
from gnomon.organization.roles import PROCESS
from gnomon.records.kinds import Kind

WEBHOOK_SUBSCRIPTION = Kind(
    name="webhook_subscription",
    model=WebhookSubscription,
    prefix="WHK",
    clause="7.5",
    title=_("Webhook"),
    plural=_("Webhooks"),
    workflow=WEBHOOK,
    fields=("title", "url", "events", "mode", "owner"),
    columns=("number", "title", "url", "status", "owner"),
    filters=("status", "owner"),
    searched=("url",),
    may={
        "read": PROCESS, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": PROCESS,
        "import": PROCESS,
    },
    prepare=prepare_subscription,
    check=check_subscription,
    after=(forget_receivers, take_up_again),
    verbs={
        "secret:made": _("Secret made"),
        "tested": _("Test event sent"),
        "replayed": _("Deliveries sent again"),
    },
    icon="send",
)  # fmt: skip
