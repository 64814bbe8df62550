"""What was noticed in a file: a sentence with the row and the column that it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

MOST_KEPT = 1000
MOST_ALIKE = 100
LONGEST_VALUE = 200


class Severity(StrEnum):
    """An error leaves its row out; a warning lets it in, changed; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed; `text` is an English sentence with places, so that everyone reads it in their language."""

    severity: Severity
    text: str
    row: int = 0
    column: str = ""
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> str:
        return _(self.text) % self.facts if self.facts else _(self.text)


@dataclass(slots=True)
class Findings:
    """Counts all findings and keeps enough of them: a thousand, and a hundred of one sentence.

    A file with one bad column must not bury the other faults, nor fill the memory.
    """

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[Severity] = field(default_factory=Counter)
    alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        self.counts[finding.severity] += 1
        self.alike[finding.text, finding.column] += 1
        if len(self.kept) < MOST_KEPT and self.alike[finding.text, finding.column] <= MOST_ALIKE:
            self.kept.append(finding)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def errors(self) -> int:
        return self.counts[Severity.ERROR]


def shown(value: str) -> str:
    """A value short enough to stand in a list, with its control characters made visible."""
    cut = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
    return "".join(c if c.isprintable() else "�" for c in cut)


def _short(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown(value) if isinstance(value, str) else value for name, value in facts.items()}


def error(text: str, row: int = 0, column: str = "", value: str = "", /, **facts: Any) -> Finding:
    return Finding(Severity.ERROR, text, row, column, shown(value), _short(facts))


def warning(text: str, row: int = 0, column: str = "", value: str = "", /, **facts: Any) -> Finding:
    return Finding(Severity.WARNING, text, row, column, shown(value), _short(facts))


def note(text: str, row: int = 0, column: str = "", value: str = "", /, **facts: Any) -> Finding:
    return Finding(Severity.NOTE, text, row, column, shown(value), _short(facts))
