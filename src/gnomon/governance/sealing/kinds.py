"""Kinds of the ledger's own records; `governance.kinds` names them for whoever collects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import LedgerVerification, MessageSeal, SigningKey, TimeStamp
from gnomon.governance.sealing.workflows import KEEPERS, KEY, MESSAGES, STAMP, VERIFICATION
from gnomon.jobs.actions import enqueue
from gnomon.organization.roles import AUDITORS, DIRECTING
from gnomon.records.actors import is_system
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import LedgerEntry, Record

VERIFY, STAMP_JOB = "governance:verify_ledger", "governance:stamp"
MAY = {
    "read": (*DIRECTING, *AUDITORS), "create": KEEPERS, "comment": KEEPERS, "export": (*DIRECTING, *AUDITORS),
}  # fmt: skip


def dated(moment: datetime) -> str:
    """A moment as it reads the same in every language."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def dated_title(_record: Record, change: Change) -> dict[str, Any]:
    """Called by the moment at which it was asked for, which reads the same in every language."""
    return {"title": dated(change.at)} if change.creates else {}


def verify_later(record: Record, entry: LedgerEntry) -> None:
    if entry.version == 1:
        enqueue(VERIFY, key=record.number, number=record.number)


def stamp_later(record: Record, entry: LedgerEntry) -> None:
    if entry.version == 1:
        enqueue(STAMP_JOB, key=record.number, number=record.number)


def keys_come_by_themselves(_record: Record, change: Change) -> Mapping[str, str]:
    if change.creates and not is_system(change.by):
        return {"key": _say("Keys are made by “gnomon ledger rotate-key”, where the key folder is; this list follows.")}
    return {}


ledger_verification = Kind(
    name="ledger_verification", model=LedgerVerification, prefix="VRF", clause="7.5",
    title=_("Verification of the ledger"), plural=_("Verifications of the ledger"), slug="ledger-verifications",
    workflow=VERIFICATION, fields=("files",),
    columns=("number", "title", "status", "entries", "records_compared", "files_read", "faults", "first_fault"),
    filters=("status",), may=MAY, prepare=dated_title, after=(verify_later,), requirements=("7.5.3.2-b",),
    icon="shield-check",
)  # fmt: skip

time_stamp = Kind(
    name="time_stamp", model=TimeStamp, prefix="TSP", clause="7.5", title=_("Time stamp"), plural=_("Time stamps"),
    workflow=STAMP, fields=(),
    columns=("number", "title", "status", "size", "stamped_at", "authority", "refusals", "last_refusal"),
    filters=("status",), may=MAY, prepare=dated_title, after=(stamp_later,),
    verbs={"refused": _("Answer of the authority refused")}, requirements=("7.5.3.2-b",),
    icon="clock-check",
)  # fmt: skip

signing_key = Kind(
    name="signing_key", model=SigningKey, prefix="KEY", clause="7.5", title=_("Signing key"), plural=_("Signing keys"),
    workflow=KEY, fields=("title", "key", "public", "since", "follows", "handover"),
    columns=("number", "key", "status", "since", "follows", "public"), filters=("status",), may=MAY,
    check=keys_come_by_themselves, requirements=("7.5.3.2-b",), icon="key",
)  # fmt: skip

message_seal = Kind(
    name="message_seal", model=MessageSeal, prefix="MSL", clause="7.5", title=_("Seal of messages"),
    plural=_("Seals of messages"), slug="message-seals", workflow=MESSAGES, fields=(),
    columns=("number", "title", "sealed_until", "told", "read", "told_digest", "read_digest"),
    may=MAY | {"create": ()}, requirements=("7.5.3.2-b",), icon="mail", order="id",
)  # fmt: skip
