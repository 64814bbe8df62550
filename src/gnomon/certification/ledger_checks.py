"""Results of runs, strata of samples, files of audit packs: the ledger seals their digests, so they are taken again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.certification.models import AuditPack, ConformityRun, Sample
from gnomon.certification.packing import path_of
from gnomon.certification.queries import altered_chunks, altered_runs
from gnomon.certification.queries.samples import altered_samples
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.further import LedgerCheck


def check_runs(findings: Findings) -> int:
    """Name the runs whose results are no longer those that were sealed."""
    for number in altered_runs():
        says = _("%(number)s: the results stored with the run are not those that it was sealed with.")
        findings.add(Fault("results_differ", says % {"number": number}, kind="conformity_run", number=number))
    for digest in altered_chunks():
        says = _("The part %(digest)s of the populations of conformity runs is not what its digest says.")
        findings.add(Fault("results_differ", says % {"digest": digest}, kind="conformity_run"))
    return ConformityRun.objects.count()


def check_packs(findings: Findings) -> int:
    """Name the packs whose file is gone or no longer the one that was sealed."""
    made = AuditPack.objects.filter(status="made").order_by("id").values_list("number", "digest")
    for number, digest in made.iterator():
        if _digest_of(path_of(digest)) != digest:
            says = _("%(number)s: the file of the audit pack is gone, or is not the one that was sealed.")
            findings.add(Fault("results_differ", says % {"number": number}, kind="audit_pack", number=number))
    return made.count()


def check_samples(findings: Findings) -> int:
    """Name the samples whose strata are no longer those that the ledger sealed."""
    for number in altered_samples():
        says = _("%(number)s: the strata stored with the sample are not those that it was drawn from.")
        findings.add(Fault("results_differ", says % {"number": number}, kind="sample", number=number))
    return Sample.objects.count()


def _digest_of(path: Path) -> str:
    """SHA-256 of a file; empty when there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


PACKS = LedgerCheck("audit_packs", gettext_lazy("Audit packs"), check_packs)
SAMPLES = LedgerCheck("samples", gettext_lazy("Samples"), check_samples)
RUNS = LedgerCheck("conformity_runs", gettext_lazy("Conformity runs"), check_runs)
