"""Carry an approved erasure out, record by record; killed half-way, it goes on where it was."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.governance.erasing.previewing import preview
from gnomon.governance.models import Erasure
from gnomon.jobs.actions import enqueue
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.erasing import Forgotten, erase, forget_elsewhere
from gnomon.records.erasing.for_good import MERGE, for_good
from gnomon.records.erasing.holdings import words_of
from gnomon.records.kinds import find_record
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import MoveRefused
from gnomon.standard.plugs import Actor

JOB = "governance:erase"


def carry_out(number: str, *, by: Actor = SYSTEM) -> Erasure:
    """Erase all that the approved erasure names; MoveRefused while anything stands in the way.

    Each record is blanked in a transaction of its own with the entry that tells of it; the person's own record
    goes last, since by its words the others are found.
    """
    erasure: Erasure = Erasure.objects.get(number=number)
    if erasure.status != "approved":
        if erasure.status == "carried_out":
            return erasure
        raise MoveRefused(_("%(number)s is not approved, so nothing is erased.") % {"number": number})
    found, words = preview(erasure), words_of(erasure.person) if erasure.named else ()
    if found.refusals:
        raise MoveRefused(" ".join(found.refusals))
    numbers = sorted({one.number for one in found.held}, key=lambda one: (one == erasure.person.number, one))
    with for_good():
        forget_elsewhere(Forgotten(erasure.person.number, words, frozenset(numbers), number, by))
    for each in numbers:
        record = find_record(each)
        if record is not None:
            held = [one for one in found.held if one.number == each]
            erase(record, held, by=by, case=number, because=_reason(erasure))
    return _finish(erasure, by)


@transaction.atomic
def _finish(erasure: Erasure, by: Actor) -> Erasure:
    """Count what was erased from the entries that tell of it, so that a second try counts all of the first."""
    told = LedgerEntry.objects.filter(verb__endswith=":erased", facts__contains=f'"erasure":[null,"{erasure.number}"]')
    counts = [len(entry.changes["erased_values"][1]) for entry in told]
    enqueue(MERGE, key=MERGE)
    erasure.refresh_from_db()
    return actions.move(  # type: ignore[return-value]
        erasure, "carry_out", by=by, values_erased=sum(counts), records_blanked=len(counts)
    )


def _reason(erasure: Erasure) -> str:
    return erasure.reason[:4000]
