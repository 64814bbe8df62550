"""Verify the ledger and keep what was found as a record; when it is broken, people are told."""

from __future__ import annotations

from django.utils import timezone

from gnomon.governance.models import LedgerVerification
from gnomon.governance.sealing.messages import seal_messages
from gnomon.governance.sealing.registering import register_keys
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.verification import verify_ledger

LONGEST = 10_000


def begin_nightly() -> LedgerVerification:
    """Ask for tonight's verification, files a tenth at a time; the job that it stores does the work."""
    register_keys()
    seal_messages()
    return actions.record(kind_named("ledger_verification"), by=SYSTEM, files="sample")  # type: ignore[return-value]


def verify(number: str) -> LedgerVerification:
    """Carry a verification out; one that ended already is left alone."""
    asked: LedgerVerification = LedgerVerification.objects.get(number=number)
    if asked.status != "begun":
        return asked
    found = verify_ledger(files=asked.files, processes=2)  # type: ignore[arg-type]
    asked.refresh_from_db()
    remarks = [*found.notes, *(f"{case}: {count}" for case, count in found.erased.items()), *found.unguarded]
    return actions.move(  # type: ignore[return-value]
        asked, "find_whole" if found.whole else "find_broken", by=SYSTEM, ended_at=timezone.now(), entries=found.entries,
        sealed=found.sealed, checkpoints=found.checkpoints, records_compared=found.records, files_read=found.files,
        faults=sum(found.counts.values()), first_fault=found.first.says[:LONGEST] if found.first else "",
        remarks="\n".join(remarks)[:LONGEST],
    )  # fmt: skip
