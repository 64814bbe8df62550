"""Results of conformity runs: the ledger seals their digest, so the results themselves are computed again."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.certification.models import ConformityRun
from gnomon.certification.queries import altered_runs
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.further import LedgerCheck


def check_runs(findings: Findings) -> int:
    """Name the runs whose results are no longer those that were sealed."""
    for number in altered_runs():
        says = _("%(number)s: the results stored with the run are not those that it was sealed with.")
        findings.add(Fault("results_differ", says % {"number": number}, kind="conformity_run", number=number))
    return ConformityRun.objects.count()


RUNS = LedgerCheck("conformity_runs", gettext_lazy("Conformity runs"), check_runs)
