"""Have the newest checkpoint stamped from outside, once a day: whoever holds database and keys cannot go behind it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from gnomon.governance.models import TimeStamp
from gnomon.governance.sealing.asking import NotStamped, ask
from gnomon.governance.sealing.tokens import request_for, stamped_at
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.seal import stored
from gnomon.records.models import Checkpoint


def is_on() -> bool:
    """Whether this installation has an authority to ask."""
    return bool(settings.STAMP_URL)


def want_stamp() -> TimeStamp | None:
    """Ask for a stamp over the newest checkpoint; None when there is no authority, or that one is stamped already."""
    newest = Checkpoint.objects.order_by("-size").first()
    if not is_on() or newest is None or TimeStamp.objects.filter(size=newest.size, status="kept").exists():
        return None
    waiting = TimeStamp.objects.filter(status="wanted").first()
    return waiting or actions.record(kind_named("time_stamp"), by=SYSTEM)  # type: ignore[return-value]


def stamp(number: str) -> TimeStamp:
    """Get the stamp that was wanted. NotStamped when the authority's answer does not hold; the job tries again."""
    wanted: TimeStamp = TimeStamp.objects.get(number=number)
    if wanted.status != "wanted":
        return wanted
    try:
        return _stamp(wanted)
    except NotStamped as refused:
        actions.act(wanted, "refused", by=SYSTEM, refusals=wanted.refusals + 1, last_refusal=str(refused)[:2000])
        raise


def _stamp(wanted: TimeStamp) -> TimeStamp:
    newest = Checkpoint.objects.order_by("-size").first()
    if not is_on() or newest is None:
        raise NotStamped(_("There is no authority to ask, or nothing is sealed yet. Set GNOMON_STAMP_URL."))
    content = checkpoint_bytes(newest)
    request, nonce = request_for(content)
    answer = ask(settings.STAMP_URL, request)
    at, serial = stamped_at(answer, content, nonce=nonce)
    return actions.move(  # type: ignore[return-value]
        wanted, "keep", by=SYSTEM, size=newest.size, checkpoint=hashlib.sha256(content).hexdigest(),
        authority=settings.STAMP_URL, stamped_at=at, serial=serial, token=base64.b64encode(answer).decode(),
    )  # fmt: skip


def checkpoint_bytes(checkpoint: Checkpoint) -> bytes:
    """What is stamped: the signed checkpoint in the form in which it leaves the house."""
    return canonical(stored(checkpoint).as_json())


def export_stamps(folder: Path) -> int:
    """Write each stamp with what it stamps, for “openssl ts -verify”: NUMBER.json and NUMBER.tsr."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = TimeStamp.objects.filter(status="kept").order_by("pk")
    for each in kept:
        checkpoint = Checkpoint.objects.get(size=each.size)
        (folder / f"{each.number}.json").write_bytes(checkpoint_bytes(checkpoint))
        (folder / f"{each.number}.tsr").write_bytes(base64.b64decode(each.token))
    return len(kept)
