"""Who is told when the ledger was found broken."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.governance.sealing.workflows import KEEPERS
from gnomon.organization.models import Person
from gnomon.records.models import LedgerEntry, Record
from gnomon.standard.plugs import Notice


def keepers(_record: Record, _entry: LedgerEntry) -> list[str]:
    """Those who keep the system."""
    found: set[str] = set()
    for role in KEEPERS:
        found |= set(Person.objects.active().holding(role).values_list("number", flat=True))
    return sorted(found)


def first_fault(record: Any, _entry: Any) -> str:
    return str(record.first_fault)


BROKEN = Notice(
    "ledger_verification", "find_broken", _("The ledger is not whole: %(number)s found a fault"), keepers, "other",
    text=first_fault, name="broken",
)  # fmt: skip
