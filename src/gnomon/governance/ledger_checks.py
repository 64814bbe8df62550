"""Stamps, keys and messages: what outside authorities said of checkpoints, which keys may sign them, who was told."""

from __future__ import annotations

import base64
import hashlib
import json

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.governance.models import Message, MessageSeal, SigningKey, TimeStamp
from gnomon.governance.sealing.asking import NotStamped
from gnomon.governance.sealing.messages import altered_seals
from gnomon.governance.sealing.stamping import checkpoint_bytes
from gnomon.governance.sealing.tokens import stamped_at
from gnomon.governance.sealing.words import altered_words
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.further import LedgerCheck
from gnomon.records.ledger.handovers import handovers
from gnomon.records.ledger.seal import key_folder
from gnomon.records.models import Checkpoint

MOST_NAMED = 100


def check_stamps(findings: Findings) -> int:
    """Hold each stamp against its checkpoint and the authority's certificate; without one, say so."""
    kept = TimeStamp.objects.filter(status="kept").order_by("pk")
    if kept and settings.STAMP_CA is None:
        findings.notes.append(
            _("Time stamps were not verified: name the certificate of the authority in GNOMON_STAMP_CA.")
        )
        return 0
    for each in kept:
        says = _fault_of(each)
        if says:
            findings.add(Fault("stamp_differs", f"{each.number}: {says}", kind="time_stamp", number=each.number))
    return len(kept)


def _fault_of(each: TimeStamp) -> str:
    checkpoint = Checkpoint.objects.filter(size=each.size).first()
    if checkpoint is None:
        return _("the checkpoint of %(size)d entries that was stamped is gone.") % {"size": each.size}
    content = checkpoint_bytes(checkpoint)
    if hashlib.sha256(content).hexdigest() != each.checkpoint:
        return _("the checkpoint of %(size)d entries is not the one that was stamped.") % {"size": each.size}
    try:
        at, _serial = stamped_at(base64.b64decode(each.token), content)
    except (NotStamped, ValueError) as error:
        return str(error)
    return "" if at == each.stamped_at else _("it says another time than the authority.")


def check_keys(findings: Findings) -> int:
    """Each key that took over is told of in the ledger, with the very handover that lies in the key folder."""
    recorded = {each.key: each for each in SigningKey.objects.order_by("pk")}
    if not recorded:
        return 0  # nothing was registered yet: the first night does
    for one in handovers(key_folder()):
        kept = recorded.get(one.new)
        if kept is None:
            says = _("The key %(key)s took over, but no record tells of it yet; the nightly verification does so.")
            findings.notes.append(says % {"key": one.new})
        elif json.loads(kept.handover or "null") != one.as_json():
            says = _("%(number)s: the handover in the key folder is not the one that was recorded.") % {
                "number": kept.number
            }
            findings.add(Fault("key_differs", says, kind="signing_key", number=kept.number, field="handover"))
    return len(recorded)


def check_messages(findings: Findings) -> int:
    """Name the seals within which somebody else was told, or read, than when they were sealed, and words altered since."""
    for seal in altered_seals():
        says = _("%(number)s: who was told of what, or read it when, is no longer what was sealed.") % {
            "number": seal.number
        }
        findings.add(Fault("messages_differ", says, kind="message_seal", number=seal.number))
    for number, says in altered_words():
        findings.add(Fault("messages_differ", says, number=number))
    for number in Message.objects.filter(receipts=None).values_list("number", flat=True)[:MOST_NAMED]:
        says = _("%(number)s: there is a message about it that was told to nobody.") % {"number": number or "—"}
        findings.add(Fault("messages_differ", says, number=number))
    return MessageSeal.objects.count()


STAMPS = LedgerCheck("time_stamps", gettext_lazy("Time stamps"), check_stamps)
KEYS = LedgerCheck("signing_keys", gettext_lazy("Signing keys"), check_keys)
MESSAGES = LedgerCheck("message_seals", gettext_lazy("Seals of messages"), check_messages)
