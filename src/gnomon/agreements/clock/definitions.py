"""What makes a clock start, pause, resume, stop, begin anew and end; two that every SLA has, and that of a team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from gnomon.agreements.clock.conditions import NEVER, Condition, in_phase, in_status, named
from gnomon.agreements.clock.happenings import Happening
from gnomon.agreements.clock.motion import Holds, Steps, steps
from gnomon.workflow.tables import Phase

_CONDITIONS = ("start", "pause", "resume", "stop", "reset", "cancel")
# Plain integers: a flag's own arithmetic takes ten times as long, and an import does it a million times.
_BITS = {part: int(Holds[part.upper()]) for part in _CONDITIONS}


@dataclass(frozen=True)
class ClockDefinition:
    """Six conditions, weighed in the order of `gnomon.agreements.clock.motion`.

    `runs_on` says whether a stopped clock may resume (a solved record that is reopened) or has stopped
    for good (a response cannot be taken back). `measure` is the target of the policy that it runs against.
    """

    name: str
    title: str
    measure: Literal["respond", "resolve"]
    start: Condition
    stop: Condition
    pause: Condition = NEVER
    resume: Condition = NEVER
    reset: Condition = NEVER
    cancel: Condition = NEVER
    runs_on: bool = False

    @cached_property
    def steps(self) -> Steps:
        return steps(runs_on=self.runs_on)

    @cached_property
    def _of_names(self) -> dict[str, int]:
        bits: dict[str, int] = {}
        for part in _CONDITIONS:
            for name in getattr(self, part).names:
                bits[name] = bits.get(name, 0) | _BITS[part]
        return bits

    @cached_property
    def _of_places(self) -> dict[tuple[Phase, str], int]:
        return {}

    def holds(self, happening: Happening) -> int:
        """Which of the six hold, as bits of `Holds`."""
        place = (happening.phase_after, happening.status_after)
        bits = self._of_places.get(place)
        if bits is None:
            bits = self._of_places[place] = self._at(*place)
        if happening.names:
            for name in happening.names & self._of_names.keys():
                bits |= self._of_names[name]
        return bits

    def _at(self, phase: Phase, status: str) -> int:
        bits = 0
        for part in _CONDITIONS:
            condition: Condition = getattr(self, part)
            if phase in condition.phases or status in condition.statuses:
                bits |= _BITS[part]
        return bits

    def faults(self) -> list[str]:
        """What would surprise people about this clock, in sentences; an empty list means it may be used."""
        found = []
        if self.start == NEVER:
            found.append(f"Clock {self.name} never starts.")
        if self.stop == NEVER:
            found.append(f"Clock {self.name} never stops.")
        if self.pause != NEVER and self.resume == NEVER:
            found.append(f"Clock {self.name} pauses and never resumes.")
        if self.pause.names and self.resume.lasts:
            found.append(f"Clock {self.name} pauses at a named event and resumes in a phase: it would not stay paused.")
        if self.runs_on and self.stop.names and self.resume.lasts:
            found.append(f"Clock {self.name} stops at a named event and runs on in a phase: it would not stay stopped.")
        return found

    def to_dict(self) -> dict[str, Any]:
        """The clock as plain data, for storing and for export."""
        conditions = {part: getattr(self, part).to_dict() for part in _CONDITIONS if getattr(self, part) != NEVER}
        head = {"name": self.name, "title": self.title, "measure": self.measure, "runs_on": self.runs_on}
        return head | conditions

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> ClockDefinition:
        """A clock from plain data; KeyError or ValueError when a part is missing or unknown."""
        if table["measure"] not in ("respond", "resolve"):
            raise ValueError(f"A clock measures respond or resolve, not {table['measure']}.")
        return cls(
            name=table["name"],
            title=table["title"],
            measure=table["measure"],
            runs_on=bool(table.get("runs_on", False)),
            **{part: Condition.from_dict(table.get(part, {})) for part in _CONDITIONS},
        )


RESPOND = ClockDefinition(
    name="respond",
    title="Time to respond",
    measure="respond",
    start=in_phase(*Phase),
    pause=in_phase(Phase.WAITING),
    resume=in_phase(Phase.OPEN),
    stop=named("responded") | in_phase(Phase.RESOLVED, Phase.CLOSED),
    cancel=in_status("cancelled", "merged"),
)

RESOLVE = ClockDefinition(
    name="resolve",
    title="Time to resolve",
    measure="resolve",
    start=in_phase(*Phase),
    pause=in_phase(Phase.WAITING),
    resume=in_phase(Phase.OPEN),
    stop=in_phase(Phase.RESOLVED, Phase.CLOSED),
    cancel=in_status("cancelled", "merged"),
    runs_on=True,
)

# The turn of one team, from its assignment until it hands the record on or ends it.
TEAM = ClockDefinition(
    name="team",
    title="Time with the team",
    measure="resolve",
    start=named("assigned"),
    pause=in_phase(Phase.WAITING),
    resume=in_phase(Phase.OPEN),
    stop=named("reassigned") | in_phase(Phase.RESOLVED, Phase.CLOSED),
    cancel=in_status("cancelled"),
    runs_on=True,
)
