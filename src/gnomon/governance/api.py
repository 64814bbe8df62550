"""What I was told, for programs: the same list as behind the bell (7.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.governance import erasing, notices
from gnomon.governance.ledger_api import CHECKPOINTS, CONSISTENCY, ENTRIES, PROOF
from gnomon.governance.models import Receipt
from gnomon.governance.preferences_api import CHANGE, CHOSEN
from gnomon.jobs.moments import written
from gnomon.records.endpoints import Call, Endpoint, Given, is_key
from gnomon.records.refusals import InvalidFacts

MOST = 200


class ValueHeld(Schema):
    """One value that an erasure would erase: a field with all its history, or a part of what was said."""

    number: str
    kind: str
    field: str
    said: bool
    versions: list[int]
    why: str
    value: str
    refusal: str


class ErasurePreview(Schema):
    """What an erasure would erase, and what stands in the way."""

    number: str
    status: str
    person: str
    values_erased: int
    records_blanked: int
    values: list[ValueHeld]
    left_out: list[str]
    refusals: list[str]


class Told(Schema):
    """One message, in the language of whoever asks."""

    key: int
    what: str
    number: str
    title: str
    text: str
    url: str
    urgent: bool
    told_at: str
    read_at: str | None


class TellsOf(Schema):
    """Messages, newest first; `next` is the key to ask for older ones with `before`."""

    messages: list[Told]
    unread: int
    next: int | None


class Read(Given):
    """The messages to mark as read; without keys, all."""

    keys: list[int] | None = Field(default=None, max_length=MOST)


class Marked(Schema):
    """How many were new."""

    marked: int


def messages(call: Call) -> dict[str, Any]:
    """What the person was told."""
    most = call.number("limit", 50, MOST)
    before = _key(call.query.get("before", ""))
    receipts = notices.latest(call.person, before=before, most=most + 1)
    return {
        "messages": [_told(receipt) for receipt in receipts[:most]],
        "unread": notices.unread_count(call.person),
        "next": receipts[most - 1].pk if len(receipts) > most else None,
    }


def read(call: Call) -> dict[str, int]:
    """Mark messages as read."""
    keys = call.given.get("keys")
    return {"marked": notices.mark_read(call.person, None if keys is None else [k for k in keys if 0 < k < 2**63])}


def what_goes(call: Call) -> dict[str, Any]:
    """What the erasure would erase as things stand; nothing once it was carried out."""
    return erasing.as_plain(call.record, erasing.preview(call.record))


def _key(text: str) -> int | None:
    if text and not is_key(text):
        says = _("“before” is the key of a message.")
        raise InvalidFacts(says, {"before": says})
    return int(text) if text else None


def _told(receipt: Receipt) -> dict[str, Any]:
    message = receipt.message
    return {
        "key": receipt.pk, "what": message.what, "number": message.number, "text": receipt.words, "url": message.url,
        "title": message.title_in(get_language()), "urgent": message.urgent, "told_at": written(message.told_at),
        "read_at": written(receipt.read_at) if receipt.read_at else None,
    }  # fmt: skip


MESSAGES = Endpoint(
    "messages", "get", "messages", messages, "What was I told?", tells=TellsOf,
    parameters={"limit": "How many, from 1 to 200.", "before": "Only those older than the message with this key."},
)  # fmt: skip
READ = Endpoint(
    "read_messages", "post", "messages/read", read, "Mark messages as read", takes=Read, tells=Marked, scope="write"
)  # fmt: skip
WHAT_GOES = Endpoint(
    "erasure_preview", "get", "preview", what_goes, "What would be erased?", kind="erasure", tells=ErasurePreview,
)  # fmt: skip


__all__ = ["CHANGE", "CHECKPOINTS", "CHOSEN", "CONSISTENCY", "ENTRIES", "MESSAGES", "PROOF", "READ", "WHAT_GOES"]
