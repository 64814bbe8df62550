"""What the pages of audit packs and samples show beside their facts: how far they are, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.certification.kinds import AUDIT_PACK, SAMPLE
from gnomon.certification.models import AuditPack, PackProgress, Sample
from gnomon.certification.packing import path_of
from gnomon.certification.queries.samples import siblings, strata_shown, tally
from gnomon.certification.sampling import EXAMINED, outcome_words
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


def _why_not(record: Record) -> str:
    refused = LedgerEntry.objects.filter(number=record.number, verb__endswith=":refuse").order_by("-version").first()
    return refused.because if refused else ""


def of_sample(record: Record, person: Actor) -> Mapping[str, Any]:
    """How far a sample is, what was found, and how it was drawn; every number opens its list."""
    assert isinstance(record, Sample)
    counted = tally(record)
    return {
        "sample": record,
        "counts": [(outcome, counted[outcome], outcome_words(outcome)) for outcome in counted],
        "share": 100 * record.examined_count // (record.size or 1),
        "records_url": reverse("sample-records", args=[record.number]),
        "again_url": reverse("sample-again", args=[record.number]),
        "population_url": reverse(
            "certification-behind", args=[record.run.number, record.requirement, record.rule, record.part]
        ),
        "strata": strata_shown(record),
        "siblings": siblings(record),
        "because": _why_not(record) if record.status == "refused" else "",
        "may_examine": record.status == "drawn" and may(person, EXAMINED, SAMPLE),
    }


OF_SAMPLE = Panel(kind="sample", name="sample", template="certification/_sample.html", context=of_sample, place="main")
HOW_FAR = Panel(kind="audit_pack", name="pack", template="certification/_pack.html", context=how_far, place="above")
