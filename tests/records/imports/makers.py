"""Small files in the shape of what other systems write."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gnomon.records.imports.findings import Finding, Findings
from gnomon.records.imports.tables import Row, Table

LOG = Path(__file__).parents[4] / "shared/data/uci498_servicenow/incident_event_log.csv.zst"
ORACLE = Path(__file__).parents[4] / "shared/data/oracle/uci498.json"

EVENT_COLUMNS = (
    "number", "incident_state", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla", "caller_id",
    "opened_at", "sys_updated_at", "contact_type", "location", "category", "subcategory", "impact", "urgency",
    "priority", "assignment_group", "assigned_to", "closed_code", "resolved_by", "resolved_at", "closed_at",
)  # fmt: skip
USUAL = {
    "number": "INC0000045", "incident_state": "New", "reassignment_count": "0", "reopen_count": "0",
    "sys_mod_count": "0", "made_sla": "true", "caller_id": "Caller 7", "opened_at": "29/2/2016 01:16",
    "sys_updated_at": "29/2/2016 01:23", "contact_type": "Phone", "location": "?", "category": "Mail",
    "subcategory": "Quota", "impact": "2 - Medium", "urgency": "2 - Medium", "priority": "3 - Moderate",
    "assignment_group": "Group 56", "assigned_to": "?", "closed_code": "code 5", "resolved_by": "Resolved by 9",
    "resolved_at": "29/2/2016 11:29", "closed_at": "5/3/2016 12:00",
}  # fmt: skip


def an_event(state: str = "New", at: str = "29/2/2016 01:23", **cells: str) -> dict[str, str]:
    """A row of an event log."""
    return {**USUAL, "incident_state": state, "sys_updated_at": at, **cells}


def a_life(number: str = "INC0000045", **cells: str) -> list[dict[str, str]]:
    """The rows of an incident from its first to its last."""
    return [
        an_event("New", "29/2/2016 01:23", number=number, **cells),
        an_event("Active", "29/2/2016 08:53", number=number, sys_mod_count="1", assigned_to="Resolver 3", **cells),
        an_event("Resolved", "29/2/2016 11:29", number=number, sys_mod_count="2", assigned_to="Resolver 3", **cells),
        an_event("Closed", "5/3/2016 12:00", number=number, sys_mod_count="3", assigned_to="Resolver 3", **cells),
    ]


def write_rows(
    path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str] = EVENT_COLUMNS, encoding: str = "utf-8"
) -> Path:
    """The rows as a file of comma-separated values."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_all(table: Table) -> tuple[list[Row], list[Finding]]:
    """All rows of a table, and what was noticed."""
    findings = Findings()
    return list(table.rows(findings.add)), findings.kept
