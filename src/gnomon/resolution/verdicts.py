"""What the clocks of incidents had said after each entry of their ledger, for measures of the past (8.3.3, 9.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gnomon.agreements.clocks import verdicts
from gnomon.agreements.histories import Line, line_of, phases_of
from gnomon.agreements.policies import PolicyOf, remembering
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.resolution.clocks import touches_clocks
from gnomon.workflow.tables import Phase

FIELDS = ("respond_met", "resolve_met")
Told = tuple[int, Mapping[str, Any]]


def verdicts_after_each(histories: Sequence[Sequence[LedgerEntry]]) -> list[list[Told]]:
    """For each history, the verdicts after every entry that touches a clock."""
    policy, phases = remembering(), _Phases()
    return [_after_each(history, policy, phases) for history in histories]


def _after_each(history: Sequence[LedgerEntry], policy: PolicyOf, phases: _Phases) -> list[Told]:
    lines: list[Line] = []
    told: list[Told] = []
    version = 1
    for entry in history:
        lines.append(line_of(entry))
        if not touches_clocks(entry):
            continue
        version = entry.changes.get("workflow_version", [None, version])[1]
        found = verdicts(lines, phases.of(version), policy)
        told.append((entry.version, {f"{name}_met": found[name] for name in ("respond", "resolve")}))
    return told


class _Phases:
    """The phases of each version of the workflow, looked up once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, Phase]] = {}

    def of(self, version: int) -> dict[str, Phase]:
        if version not in self._known:
            self._known[version] = phases_of(kind_named("incident").workflow_version(version))
        return self._known[version]
