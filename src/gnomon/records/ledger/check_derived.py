"""What follows from the ledger, such as clocks and their verdicts, against what is kept of it: measures and checks read that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField, moment
from gnomon.records.actions.projections import Compared, Differing
from gnomon.records.kinds import Kind, kinds
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.share import Share, takes

BLOCK = 1_000  # records whose projections are derived at once


def check_derived(
    findings: Findings,
    which: Share = "all",
    progress: Callable[[int], None] = lambda _count: None,
    ours: Callable[[int], bool] = lambda _block: True,
    *,
    day: int | None = None,
) -> int:
    """Derive anew what is kept of records, and name what differs; how many were looked at.

    Of a sample each block of records is looked at once in ten days. Where two processes share the work, `ours` says
    which blocks are.
    """
    seen = 0
    for kind, block in _blocks():
        if takes(block, which, day) and ours(block):
            # Columns of words are not needed for it.
            some = kind.model._base_manager.only("number", "recorded_at", "workflow_version", *kind.projections)
            within = some.filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK)
            looked_at = _check_block(kind, within, findings)
            progress(looked_at)
            seen += looked_at
    return seen


def to_derive(which: Share) -> int:
    """About how many records will be looked at."""
    return BLOCK * sum(takes(block, which) for _kind, block in _blocks())


def _blocks() -> Iterator[tuple[Kind, int]]:
    for kind in kinds():
        if kind.rebuild:
            newest = kind.model._base_manager.aggregate(newest=Max("pk"))["newest"]
            yield from ((kind, block) for block in range(newest // BLOCK + 1 if newest else 0))


def _check_block(kind: Kind, within: Any, findings: Findings) -> int:
    try:
        records = list(within.order_by("pk"))
        differing = _differing(kind, records)
    except Exception:  # noqa: BLE001 — whatever stands in a row that was altered: each record is looked at by itself
        return sum(_check_one(kind, within, number, findings) for number in _numbers(within))
    for one in differing:
        findings.add(_fault(kind, one))
    return len(records)


def _check_one(kind: Kind, within: Any, number: str, findings: Findings) -> int:
    try:
        for one in _differing(kind, list(within.filter(number=number))):
            findings.add(_fault(kind, one))
    except Exception:  # noqa: BLE001 — what cannot be read is named, and the rest is looked at
        says = _("%(number)s: what follows from its entries cannot be derived; they are not as they were written.")
        findings.add(Fault("derived_differs", says % {"number": number}, kind=kind.name, number=str(number)))
    return 1


def _numbers(within: Any) -> list[str]:
    return list(within.order_by("pk").values_list("number", flat=True))


def _differing(kind: Kind, records: Sequence[Any]) -> list[Differing]:
    found = Compared()
    for rebuild in kind.rebuild if records else ():
        rebuild(records, found)
    return found.differing


def _fault(kind: Kind, one: Differing) -> Fault:
    fields = {field.name: field for field in kind.model._meta.concrete_fields}
    if one.what in fields:
        field: Any = fields[one.what]
        says = _("%(number)s: “%(field)s” is “%(kept)s” in the record, but “%(derived)s” follows from its entries.") % {
            "number": one.number, "field": field.verbose_name, "kept": _told(field, one.kept),
            "derived": _told(field, one.derived),
        }  # fmt: skip
    else:
        says = _("%(number)s: what is kept of its %(what)s is not what follows from its entries.") % {
            "number": one.number, "what": one.what,
        }  # fmt: skip
    return Fault("derived_differs", says, kind=kind.name, number=one.number, field=one.what)


def _told(field: Any, raw: Any) -> str:
    if raw is None:
        return "–"
    if isinstance(field, MomentField) and isinstance(raw, int):
        at: datetime = timezone.localtime(moment(raw))
        return f"{at:%Y-%m-%d %H:%M:%S}"
    return str(raw)
