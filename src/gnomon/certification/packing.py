"""What must hold of an audit pack's order, and that somebody sets about making it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.certification.catalogue import catalogue
from gnomon.certification.models import AuditPack
from gnomon.certification.pack.order import Order
from gnomon.certification.samples import LARGEST as LARGEST_SAMPLE
from gnomon.certification.samples import by_lot
from gnomon.jobs.actions import enqueue
from gnomon.portfolio.models import Service
from gnomon.records.kinds import Change
from gnomon.records.models import Checkpoint, LedgerEntry, Record

MOST_KNOWN = 50
MAKE = "certification:make_pack"


def order_of(pack: AuditPack) -> Order:
    """The order as the maker reads it."""
    return Order(
        first_day=pack.first_day,
        last_day=pack.last_day,
        zone=pack.zone,
        clauses=tuple(pack.clauses),
        services=tuple(pack.services),
        seed=pack.seed,
        sample_size=pack.sample_size,
        known=tuple(pack.known),
        names=pack.names,
        purpose=pack.purpose,
        for_whom=pack.for_whom,
    )


def folder() -> Path:
    """Where packs lie."""
    home: Path = settings.HOME
    return home / "packs"


def path_of(digest: str) -> Path:
    """Where the pack with this digest lies."""
    return folder() / f"{digest}.zip"


def prepare_pack(record: Record, change: Change) -> dict[str, Any]:
    """Zone, seed and title follow; checkpoints of earlier packs are known to auditors too."""
    assert isinstance(record, AuditPack)
    if not change.creates:
        return {}
    return {
        "zone": settings.TIME_ZONE,
        "seed": record.seed.strip() or by_lot(),
        "title": record.title or _titled(record),
        "known": sorted({*_sizes(record.known), *_handed_out()}),
    }


def _titled(pack: AuditPack) -> str:
    scope = ", ".join([*map(str, pack.clauses or []), *map(str, pack.services or [])]) or "4–10"
    return f"{pack.first_day} – {pack.last_day} · {scope}"[:300]


def _handed_out() -> list[int]:
    """The checkpoints of the packs that were made last."""
    made = AuditPack.objects.filter(checkpoint__isnull=False).order_by("-id")
    return [size for size in made.values_list("checkpoint", flat=True)[:MOST_KNOWN] if size is not None]


def _sizes(given: Any) -> list[int]:
    return [size for size in given if isinstance(size, int)] if isinstance(given, list) else []


def check_pack(record: Record, change: Change) -> Mapping[str, str]:
    """The period is one that has begun, and everything named exists."""
    assert isinstance(record, AuditPack)
    if not change.creates:
        return {}
    return {**_period_faults(record), **_scope_faults(record), **_sample_faults(record)}


def _period_faults(pack: AuditPack) -> dict[str, str]:
    if pack.last_day < pack.first_day:
        return {"last_day": _("The last day lies before the first.")}
    if pack.last_day > datetime.now(ZoneInfo(pack.zone)).date():
        return {"last_day": _("The period is not over yet. Choose a last day up to today.")}
    if pack.first_day.year < 1971:
        return {"first_day": _("There are no records from before 1971. Choose a later day.")}
    return {}


def _scope_faults(pack: AuditPack) -> dict[str, str]:
    if not isinstance(pack.clauses, list) or not isinstance(pack.services, list):
        return {"clauses": _('Give a list of clauses, for example ["8.6.1"], and a list of services.')}
    known = {*catalogue().titles, *(requirement.id for requirement in catalogue().requirements)}
    for clause in pack.clauses:
        if clause not in known:
            return {"clauses": _("The standard has no clause %(clause)s; write it as 8.6.1.") % {"clause": clause}}
    for number in pack.services:
        if not isinstance(number, str) or not Service.objects.filter(number=number).exists():
            return {"services": _("There is no service %(number)s; write it as SVC-000001.") % {"number": number}}
    return {}


def _sample_faults(pack: AuditPack) -> dict[str, str]:
    if not 1 <= pack.sample_size <= LARGEST_SAMPLE:
        says = _("A sample has from 1 to %(most)d records.") % {"most": LARGEST_SAMPLE}
        return {"sample_size": says}
    if not isinstance(pack.known, list) or len(pack.known) > MOST_KNOWN * 2:
        return {"known": _("Give a list of the sizes of checkpoints, for example [1024].")}
    sealed = set(Checkpoint.objects.filter(size__in=_sizes(pack.known)).values_list("size", flat=True))
    for size in pack.known:
        if size not in sealed:
            says = _("There is no checkpoint of %(size)s entries. The sizes stand on earlier packs and proofs.")
            return {"known": says % {"size": size}}
    return {}


def have_it_made(record: Record, entry: LedgerEntry) -> None:
    """An order, first or again, is work for the worker."""
    if entry.verb.endswith((":recorded", ":order_again")):
        enqueue(MAKE, key=f"{record.number} #{entry.version}", cause=record.number, number=record.number)


def let_go(record: Record, entry: LedgerEntry) -> None:
    """A pack that is withdrawn is no longer kept; what was in it can be made again, and its digest stays."""
    assert isinstance(record, AuditPack)
    kept = AuditPack.objects.filter(digest=record.digest, status="made").exclude(pk=record.pk)
    if entry.verb.endswith(":withdraw") and record.digest and not kept.exists():
        place = path_of(record.digest)
        transaction.on_commit(lambda: place.unlink(missing_ok=True))
