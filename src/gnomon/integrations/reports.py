"""What an import did, for people and for machines."""

from __future__ import annotations

from typing import Any

from gnomon.records.imports.mappings import Mapping
from gnomon.records.imports.tables import Table
from gnomon.records.imports.tallies import Tally
from gnomon.records.models import ImportRun


def report_of_try(name: str, mapping: Mapping, tally: Tally, table: Table) -> dict[str, Any]:
    """The report of a dry run."""
    findings = [
        {
            "row": finding.row, "column": finding.column, "severity": str(finding.severity), "says": finding.says,
            "value": finding.value,
        }
        for finding in sorted(tally.findings.kept, key=lambda finding: finding.row)
    ]  # fmt: skip
    head = {"state": "tried", "dry_run": True, "file": name, "kind": mapping.kind, "encoding": table.text.encoding}
    return {**head, **_counted(tally.as_json()), "findings": findings}


def report_of_run(run: ImportRun) -> dict[str, Any]:
    """The report of a run as it stands."""
    findings = [
        {"row": one.row, "column": one.column, "severity": one.severity, "says": one.says, "value": one.value}
        for one in run.findings.all()
    ]
    head = {"state": run.state, "dry_run": False, "run": run.pk, "file": run.file_name, "kind": run.kind}
    return {**head, **_counted(run.counts), "findings": findings}


def _counted(counts: dict[str, Any]) -> dict[str, Any]:
    found = counts.get("findings", {})
    return {
        "rows": counts.get("rows", 0), "records_made": counts.get("made", 0),
        "records_continued": counts.get("continued", 0), "records_unchanged": counts.get("unchanged", 0),
        "records_left_out": counts.get("left_out", 0), "entries_made": counts.get("entries", 0),
        "rows_with_errors": counts.get("rows_left_out", 0), "errors": found.get("error", 0),
        "warnings": found.get("warning", 0), "notes": found.get("note", 0),
        "recorded_beside": counts.get("references", {}), "deviations": counts.get("deviations", {}),
    }  # fmt: skip
