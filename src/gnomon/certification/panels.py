"""What the page of an audit pack shows: how far it is, the file, and how to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.certification.kinds import AUDIT_PACK
from gnomon.certification.models import AuditPack, PackProgress
from gnomon.certification.packing import path_of
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor


def how_far(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """The file when there is one, else how far the making is or why there is none; nothing once it is withdrawn."""
    assert isinstance(record, AuditPack)
    if record.status == "withdrawn":
        return None
    progress = PackProgress.objects.filter(pack=record).first() if record.status == "ordered" else None
    return {
        "pack": record,
        "progress": progress,
        "may": may(person, "downloaded", AUDIT_PACK),
        "file_url": f"{record.get_absolute_url()}/file",
        "is_there": record.status == "made" and path_of(record.digest).is_file(),
        "stage": stage_words(progress.stage if progress else ""),
        "because": _why_not(record) if record.status == "refused" else "",
    }


def stage_words(stage: str) -> str:
    """What the worker is at, for people who wait."""
    return {
        "sealing": _("Sealing what waits, and checking conformity"),
        "findings": _("Drawing samples"),
        "records": _("Proving records"),
        "measures": _("Counting measures"),
        "closing": _("Writing pages"),
    }.get(stage, _("Waiting for the worker"))


def _why_not(pack: AuditPack) -> str:
    refused = LedgerEntry.objects.filter(number=pack.number, verb="audit_pack:refuse").order_by("-version").first()
    return refused.because if refused else ""


HOW_FAR = Panel(kind="audit_pack", name="pack", template="certification/_pack.html", context=how_far, place="above")
