"""What must hold of a webhook before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from gnomon.integrations.models import WebhookSubscription
from gnomon.organization.roles import ADMINISTRATOR
from gnomon.records.actors import is_system
from gnomon.records.kinds import Change, kinds
from gnomon.records.models import Record

MOST_EVENTS = 100
_VERB = re.compile(r"[a-z][a-z_]*(?::[a-z][a-z_]*)*|\*")


def patterns_of(events: str) -> list[tuple[str, str]]:
    """Kind and verb of each line, * standing for all."""
    lines = [line for line in re.split(r"[\s,]+", events) if line]
    return [("*", "*") if line == "*" else (kind, verb or "*") for line in lines
            for kind, _colon, verb in [line.partition(":")]]  # fmt: skip


def prepare_subscription(record: Record, change: Change) -> dict[str, Any]:
    """Whoever makes a webhook owns it when nobody is named: it is sent what its owner may see."""
    if change.creates and record.owner_id is None and not is_system(change.by):
        return {"owner": change.by}
    return {}


def check_subscription(record: Record, change: Change) -> Mapping[str, str]:
    """A real address, events of kinds that there are, an owner who may see them, and a secret before it sends."""
    assert isinstance(record, WebhookSubscription)
    faults: dict[str, str] = {}
    if "url" in change.facts and (says := _wrong_address(record.url)):
        faults["url"] = says
    if "events" in change.facts and (says := _wrong_events(record.events)):
        faults["events"] = says
    # Else whoever may make webhooks would read what others see.
    own = record.owner is None or record.owner.number == change.by.number
    if "owner" in change.facts and not own and not is_system(change.by) and ADMINISTRATOR not in change.by.roles:
        faults["owner"] = _("A webhook is sent what its owner may see, so only an administrator names somebody else.")
    if change.move is not None and change.move.end == "active":
        if record.owner_id is None:
            faults["owner"] = _("Name the owner: a webhook is sent what its owner may see.")
        elif not record.secrets.exists():
            faults["secret"] = _("Make a secret first, and give it to the receiver.")
    return faults


def _wrong_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _("This is no address. Write it as https://example.org/hook.")
    sound = url.isascii() and not any(c.isspace() for c in url) and parts.scheme in {"https", "http"}
    if not sound or not parts.hostname or port == 0 or parts.fragment:
        return _("This is no address. Write it as https://example.org/hook.")
    if parts.username or parts.password:
        return _("Leave name and password out of the address: it is shown to others. Deliveries are signed instead.")
    return ""


def _wrong_events(events: str) -> str:
    patterns, known = patterns_of(events), {kind.name for kind in kinds()} | {"*"}
    if not patterns or len(patterns) > MOST_EVENTS:
        return _("Name 1 to %(most)d events, as KIND:VERB or *.") % {"most": MOST_EVENTS}
    for kind, verb in patterns:
        if kind not in known:
            return _("There is no kind of record called “%(name)s”.") % {"name": kind[:80]}
        if not _VERB.fullmatch(verb):
            return _("“%(name)s” is no verb. Write it as resolve, commented or *.") % {"name": verb[:80]}
    return ""
