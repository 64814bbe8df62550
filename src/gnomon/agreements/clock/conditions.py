"""Conditions of a clock: which phases, states and named events they speak of, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gnomon.agreements.clock.happenings import Happening
from gnomon.workflow.tables import Phase


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds at a happening that leaves the record in one of these, or that carries one of the names.

    Phases and states last: the condition holds at every happening until the record leaves them.
    A name is a moment: it holds only at the happening that carries it.
    """

    phases: frozenset[Phase] = frozenset()
    statuses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def holds(self, happening: Happening) -> bool:
        return (
            happening.phase_after in self.phases
            or happening.status_after in self.statuses
            or not self.names.isdisjoint(happening.names)
        )

    @property
    def lasts(self) -> bool:
        """Whether part of it can hold for longer than a moment."""
        return bool(self.phases or self.statuses)

    def __or__(self, other: Condition) -> Condition:
        return Condition(self.phases | other.phases, self.statuses | other.statuses, self.names | other.names)

    def to_dict(self) -> dict[str, list[str]]:
        """The condition as plain data; parts that say nothing are left out."""
        parts = {"phases": self.phases, "statuses": self.statuses, "names": self.names}
        return {part: sorted(str(value) for value in values) for part, values in parts.items() if values}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Condition:
        """The condition from plain data; ValueError when a part or a phase is unknown."""
        unknown = sorted(set(table) - {"phases", "statuses", "names"})
        if unknown:
            raise ValueError(f"A condition speaks of phases, statuses and names, not of {', '.join(unknown)}.")
        return cls(
            frozenset(Phase(phase) for phase in table.get("phases", ())),
            frozenset(table.get("statuses", ())),
            frozenset(table.get("names", ())),
        )


NEVER = Condition()


def in_phase(*phases: Phase) -> Condition:
    """The record stands in one of these phases."""
    return Condition(phases=frozenset(phases))


def in_status(*statuses: str) -> Condition:
    """The record stands in one of these states."""
    return Condition(statuses=frozenset(statuses))


def named(*names: str) -> Condition:
    """One of these events has just happened."""
    return Condition(names=frozenset(names))


def any_of(*conditions: Condition) -> Condition:
    """At least one of these holds."""
    whole = NEVER
    for condition in conditions:
        whole |= condition
    return whole
