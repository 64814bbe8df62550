"""Who is told of what they answer for (5.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.models import Responsibility
from gnomon.records.models import LedgerEntry, Record
from gnomon.standard.plugs import Notice


def holder(record: Record, _entry: LedgerEntry) -> list[str]:
    assert isinstance(record, Responsibility)
    return [record.person.number]


def authority(record: Record, _entry: LedgerEntry) -> str:
    assert isinstance(record, Responsibility)
    return record.authority


ASSIGNED = Notice(
    "responsibility",
    "recorded",
    _("You answer for: %(title)s (%(number)s)"),
    holder,
    "assigned",
    text=authority,
    name="assigned",
)
ENDED = Notice(
    "responsibility", "end", _("You no longer answer for: %(title)s (%(number)s)"), holder, "assigned", name="ended"
)
