"""Keep a record of each key that signs, with the handover that brought it in: so the ledger itself tells of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from gnomon.governance.models import SigningKey
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.handovers import handovers
from gnomon.records.ledger.keys import installation_keys
from gnomon.records.ledger.seal import key_folder
from gnomon.standard.plugs import Actor


@transaction.atomic
def register_keys(*, by: Actor = SYSTEM) -> list[SigningKey]:
    """Record the keys that are not recorded yet, and that those before them were replaced; may be called again."""
    folder = key_folder()
    public = installation_keys(folder).public
    told = {one.new: one for one in handovers(folder)}
    made = []
    for key in sorted(
        public.keys() - set(SigningKey.objects.values_list("key", flat=True)), key=lambda one: one in told
    ):
        handover = told.get(key)
        facts: dict[str, Any] = {"title": key, "key": key, "public": public[key].hex(), "since": timezone.now()}
        if handover is not None:
            facts |= {
                "since": parse_datetime(handover.at), "follows": handover.old, "handover": json.dumps(handover.as_json()),
            }  # fmt: skip
        made.append(actions.record(kind_named("signing_key"), by=SYSTEM, **facts))
        for old in SigningKey.objects.filter(key=facts.get("follows", ""), status="in_use"):
            actions.move(old, "replace", by=SYSTEM)
    return made  # type: ignore[return-value]
