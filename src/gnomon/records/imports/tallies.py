"""What a pass through a file did so far, as figures that an interrupted run goes on from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gnomon.records.imports.findings import Findings


@dataclass
class Tally:
    """What a pass did so far."""

    findings: Findings = field(default_factory=Findings)
    rows: int = 0
    made: int = 0
    continued: int = 0
    unchanged: int = 0
    left_out: int = 0
    entries: int = 0
    rows_left_out: int = 0
    references: Counter[str] = field(default_factory=Counter)
    deviations: Counter[tuple[str, str]] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows, "made": self.made, "continued": self.continued, "unchanged": self.unchanged,
            "left_out": self.left_out, "entries": self.entries, "rows_left_out": self.rows_left_out,
            "references": dict(self.references),
            "deviations": {f"{start} → {end}": count for (start, end), count in self.deviations.most_common()},
            "findings": {str(severity): count for severity, count in self.findings.counts.items()},
        }  # fmt: skip

    @classmethod
    def of(cls, table: Mapping[str, Any], findings: Findings) -> Tally:
        """The tally that `as_json` wrote, to go on from."""
        numbers = {
            name: table.get(name, 0)
            for name in ("rows", "made", "continued", "unchanged", "left_out", "entries", "rows_left_out")
        }
        deviations = {tuple(name.split(" → ")): count for name, count in table.get("deviations", {}).items()}
        return cls(
            findings, **numbers, references=Counter(table.get("references", {})), deviations=Counter(deviations)
        )  # fmt: skip
