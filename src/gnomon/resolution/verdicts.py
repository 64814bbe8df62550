"""What the clocks of incidents had said after each entry of their ledger, for measures of the past (8.3.3, 9.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gnomon.agreements.clocks import verdicts
from gnomon.agreements.histories import Line, Said, phases_of
from gnomon.agreements.policies import PolicyOf, remembering
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.resolution.clocks import SPEAKS_OF
from gnomon.workflow.tables import Phase

FIELDS = ("respond_met", "resolve_met")
Told = tuple[int, Mapping[str, Any]]


class _Said(Said, frozen=True):
    """Which workflow a record lives by, beside what clocks heed."""

    resolved_at: Any = None
    workflow_version: Any = None


_said_in = msgspec.json.Decoder(_Said).decode


def verdicts_after_each(
    histories: Sequence[Sequence[LedgerEntry]], since: Mapping[str, int] | None = None
) -> list[list[Told]]:
    """For each history, the verdicts after every entry that touches a clock, or of these `since` a version only."""
    policy, phases, first = remembering(), _Phases(), since or {}
    return [_after_each(history, first.get(history[0].number, 1), policy, phases) for history in histories]


def _after_each(history: Sequence[LedgerEntry], since: int, policy: PolicyOf, phases: _Phases) -> list[Told]:
    lines: list[Line] = []
    told: list[Told] = []
    version = 1
    for entry in history:
        said = _said_in(entry.facts)
        lines.append(Line(entry.sequence, entry.verb, entry.actor, entry.happened_at, said, entry.because))
        version = said.workflow_version[1] if said.workflow_version is not None else version
        touches = entry.version == 1 or any(getattr(said, name) is not None for name in SPEAKS_OF)
        if not touches or entry.version < since:
            continue
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
