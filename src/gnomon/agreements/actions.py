"""What people do with agreements beyond their moves (8.3.3)."""

from __future__ import annotations

from django.db import transaction

from gnomon.agreements.models import ClockProjection, ServiceLevelAgreement
from gnomon.agreements.pins import pinned_to
from gnomon.agreements.previews import OPEN
from gnomon.records.actions import change
from gnomon.records.kinds import find_record
from gnomon.standard.plugs import Actor


@transaction.atomic
def apply_to_open_records(agreement: ServiceLevelAgreement, *, by: Actor, because: str) -> list[str]:
    """Pin the open records of an agreement to what it says now; their numbers.

    Clocks that have stopped keep the versions they stopped with, and so their verdicts.
    """
    pins = pinned_to(agreement, agreement.version)
    open_clocks = ClockProjection.objects.filter(sla=agreement.number, state__in=OPEN)
    applied = []
    for number in open_clocks.order_by("number").values_list("number", flat=True).distinct():
        record = find_record(number)
        if record is None:
            continue
        version = record.version
        change(record, by=by, because=because, **pins)
        if record.version != version:
            applied.append(number)
    return applied
