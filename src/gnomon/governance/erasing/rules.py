"""Four eyes on each erasure: whoever asked does not approve, and nobody approves their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.governance.models import Erasure
from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Person
from gnomon.records.actors import is_system
from gnomon.records.authorship import author_of
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Record


def what_follows(record: Record, change: Change) -> dict[str, Any]:
    """Whoever approves is named as approver; a new request is called by the number of the person, not by a name."""
    assert isinstance(record, Erasure)
    if change.creates and record.person_id:
        return {"title": _("Erasure for %(person)s") % {"person": record.person.number}}
    if change.move is not None and change.move.name == "approve":
        return {"approved_by": Person.objects.filter(number=change.by.number).first()}
    return {}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    assert isinstance(record, Erasure)
    if change.move is None or change.move.name != "approve" or is_system(change.by):
        return {}
    if change.by.number in {author_of(record.number), record.person.number}:
        return {
            "approved_by": _("Somebody other than who asked, and other than the person concerned, must approve this.")
        }
    return {}


def carry_out_later(record: Record, entry: LedgerEntry) -> None:
    """Once approved, the worker does it."""
    if entry.verb == "erasure:approve":
        from gnomon.governance.erasing import JOB

        enqueue(JOB, key=record.number, number=record.number)
