"""What measures said of each day is verified with the ledger: checks of conformity rest on it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.actions.snapshot_seals import altered_seals
from gnomon.evaluation.models import SnapshotSeal
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.further import LedgerCheck


def check_snapshots(findings: Findings) -> int:
    """Name the seals whose snapshots are no longer what was sealed."""
    for seal in altered_seals():
        says = _("%(number)s: what measures said of a day is no longer what was sealed.") % {"number": seal.number}
        findings.add(Fault("snapshots_differ", says, kind="snapshot_seal", number=seal.number))
    return SnapshotSeal.objects.count()


SNAPSHOTS = LedgerCheck("snapshot_seals", gettext_lazy("Seals of snapshots"), check_snapshots)
