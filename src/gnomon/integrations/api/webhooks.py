"""Webhooks by REST: the secret, a test, deliveries, sending again."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.integrations.models import WebhookDelivery
from gnomon.integrations.webhooks import queueing
from gnomon.integrations.webhooks.secrets import make_secret
from gnomon.records.api.paging import PARAMETERS, paged
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.facts import moment_text
from gnomon.records.refusals import InvalidFacts

KIND = "webhook_subscription"


class SecretTold(Schema):
    secret: str = Field(description="Shown this once; deliveries are signed with it from now on.")


class DeliveryTold(Schema):
    id: int
    webhook_id: str
    event: str
    about: str
    state: str
    attempts: int
    status: int | None
    reason: str
    snippet: str
    made_at: str
    tried_at: str | None
    due_at: str | None


class DeliveryPage(Schema):
    deliveries: list[DeliveryTold]
    next: str | None


class ReplayGiven(Given):
    since: str = Field(default="", description="A moment with its time zone; all since then is sent again.")
    deliveries: list[int] = Field(default=[], max_length=500, description="Or the ids of deliveries to send again.")


class Replayed(Schema):
    count: int


def secret(call: Call) -> JsonResponse:
    """A new secret, told this once and kept nowhere; the former one signs beside it for a day."""
    return JsonResponse(
        {"secret": make_secret(call.record, by=call.person)}, status=201, headers={"Cache-Control": "no-store"}
    )


def test(call: Call) -> dict[str, Any]:
    """Send an event that tells of nothing."""
    return _tell(queueing.send_test(call.record, by=call.person))


def deliveries(call: Call) -> dict[str, Any]:
    """What became of deliveries."""
    found, state = call.record.deliveries.all(), call.query.get("state", "")
    if state and state not in WebhookDelivery.State.values:
        says = _("There is no state “%(name)s”.") % {"name": state[:80]}
        raise InvalidFacts(says, {"state": says})
    return paged(call, "deliveries", found.filter(state=state) if state else found, _tell)


def replay(call: Call) -> dict[str, Any]:
    """Send chosen deliveries again, or all since a moment."""
    since, chosen = call.given.get("since", ""), call.given.get("deliveries", [])
    if bool(since) == bool(chosen):
        says = _("Give either since or deliveries.")
        raise InvalidFacts(says, {"since": says})
    if chosen:
        return {"count": queueing.replay(call.record, [key for key in chosen if 0 < key < 2**62], by=call.person)}
    try:
        moment = parse_datetime(since)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year < 1971 or moment.year > 9990:
        says = _("Give a moment with its time zone, as 2026-01-05T09:00:00+08:00.")
        raise InvalidFacts(says, {"since": says})
    return {"count": queueing.replay_since(call.record, moment, by=call.person)}


def _tell(one: WebhookDelivery) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("made_at", "tried_at", "due_at")}
    return {
        "id": one.pk, "webhook_id": one.message_id, "event": one.event, "about": one.about, "state": one.state,
        "attempts": one.attempts, "status": one.status, "reason": one.reason, "snippet": one.snippet,
        **{name: moment_text(at) if at is not None else None for name, at in moments.items()},
    }  # fmt: skip


SECRET = Endpoint(
    "make_webhook_secret", "post", "secret", secret, "Make a secret", kind=KIND, tells=SecretTold, status=201,
    scope="admin", description="Makes the secret that deliveries are signed with; shown this once.",
)  # fmt: skip
TEST = Endpoint(
    "test_webhook", "post", "test", test, "Send a test", kind=KIND, tells=DeliveryTold, status=201, scope="admin",
    description="Sends the receiver an event that tells of nothing; one attempt is made.",
)  # fmt: skip
DELIVERIES = Endpoint(
    "deliveries_of_webhook", "get", "deliveries", deliveries, "List the deliveries", kind=KIND, tells=DeliveryPage,
    parameters={"state": "waiting, delivered, dead or withheld", **PARAMETERS},
    description="What became of each delivery: state, attempts, the receiver's last answer and why it failed.",
)  # fmt: skip
REPLAY = Endpoint(
    "replay_webhook", "post", "replay", replay, "Send again", kind=KIND, takes=ReplayGiven, tells=Replayed,
    scope="admin", description="Sends deliveries again under the ids that they had, so that each counts once.",
)  # fmt: skip
