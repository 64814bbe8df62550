"""Which agreement a new record obeys, and at which versions (8.3.3)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gnomon.agreements.models import Customer, OperationalLevelAgreement, ServiceLevelAgreement
from gnomon.jobs.questions import Question
from gnomon.portfolio.models import Service
from gnomon.records.models import LedgerEntry
from gnomon.records.queries import as_of_version
from gnomon.records.rules import Rules

NOT_PINNED: dict[str, Any] = {"sla": None, "sla_version": None, "calendar_version": None}


_COUNTS = ServiceLevelAgreement.objects.filter(status__in=("drafted", "agreed")).select_related("calendar")
_DEFAULT = Rules(Question(lambda: _COUNTS.filter(is_default=True)))
_OF_SERVICE = Rules(Question(lambda service: _COUNTS.filter(Q(is_default=True) | Q(service_id=service))))


def pins_for(service: Service | None, customer: Customer | None, *, on: date | None = None) -> dict[str, Any]:
    """The facts that pin a record to the agreement in force for its service and customer.

    With several, the one that took effect last wins, then the one recorded last. Without a customer an
    agreement counts when it is the service's only one. Else the default counts, drafted or agreed: it gives
    a target and proves nothing. An agreement under revision stays in force as it was last agreed.
    """
    day = on or timezone.localdate()
    known = _DEFAULT.all() if service is None else _OF_SERVICE.all(service=service.pk)
    default: tuple[ServiceLevelAgreement, int] | None = None
    found: list[tuple[str, int, ServiceLevelAgreement, int]] = []
    for agreement in known:
        if agreement.is_default:
            default = (agreement, agreement.version)
            continue
        version = version_in_force(agreement, day)
        if version is not None and (customer is None or agreement.customer_id == customer.pk):
            begins = agreement.effective_from.isoformat() if agreement.effective_from else ""
            found.append((begins, agreement.pk, agreement, version))
    if customer is None and len(found) > 1:
        found = []
    chosen = max(found, key=lambda row: row[:2])[2:] if found else default
    return dict(NOT_PINNED) if chosen is None else pinned_to(*chosen)


def pinned_to(agreement: ServiceLevelAgreement, version: int) -> dict[str, Any]:
    """The facts that pin a record to one version of an agreement and to its service hours as they are now."""
    calendar = agreement.calendar
    return {
        "sla": agreement,
        "sla_version": version,
        "calendar_version": None if calendar is None else calendar.version,
    }


def without_hours() -> Q:
    """Records that obey an agreement with service hours and do not say at which version of them.

    An imported history may leave that out. Nobody can then tell how much of their time was service time.
    """
    named = LedgerEntry.objects.filter(kind="service_level_agreement", facts__contains='"calendar":')
    spans: dict[str, list[tuple[int, object]]] = defaultdict(list)
    for entry in named.order_by("number", "version"):
        spans[entry.number].append((entry.version, entry.changes["calendar"][1]))
    keys = dict(ServiceLevelAgreement.objects.filter(number__in=spans).values_list("number", "pk"))
    found = Q(pk__in=())
    for number, said in spans.items():
        ends = [version for version, _calendar in said[1:]] + [None]
        for (version, calendar), end in zip(said, ends, strict=True):
            if calendar is not None and number in keys:
                upto = Q() if end is None else Q(sla_version__lt=end)
                found |= Q(sla=keys[number], sla_version__gte=version, calendar_version=None) & upto
    return found


def version_in_force(agreement: ServiceLevelAgreement | OperationalLevelAgreement, day: date) -> int | None:
    """The version that both sides stand by on a day: the present one, or while it is revised the last agreed."""
    if agreement.status == "agreed":
        begins, ends = agreement.effective_from, agreement.effective_to
        version: int | None = agreement.version
    else:
        agreed = LedgerEntry.objects.filter(number=agreement.number, verb=f"{agreement.kind.name}:agree")
        version = agreed.order_by("-version").values_list("version", flat=True).first()
        facts = {} if version is None else as_of_version(agreement.number, version)
        begins, ends = _day(facts.get("effective_from")), _day(facts.get("effective_to"))
    if (begins is not None and day < begins) or (ends is not None and day > ends):
        return None
    return version


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
