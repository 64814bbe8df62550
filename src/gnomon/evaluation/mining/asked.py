"""A question to the ledger: of which kind, from which side, narrowed as a list is; and the log that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from gnomon.evaluation.mining import patience, store
from gnomon.evaluation.mining.courses import course, list_of
from gnomon.evaluation.mining.events import EventLog, Whole
from gnomon.evaluation.mining.graph import Graph, discover
from gnomon.evaluation.mining.perspectives import PERSPECTIVES, USUAL, seen_as, titles_of
from gnomon.evaluation.mining.reading import Events, Texts, counter_of, of_cases
from gnomon.evaluation.mining.variants import Variant, variants
from gnomon.evaluation.mining.waits import Stretches, stretches
from gnomon.evaluation.queries.counting import raw_rows
from gnomon.records.actors import SYSTEM
from gnomon.records.definitions import states_of
from gnomon.records.kinds import Kind
from gnomon.records.listing import Listing
from gnomon.records.memory import Memory
from gnomon.standard.plugs import Actor

# A question about so few records does not make anybody wait until very many entries are read.
FEW = 5_000
SEVERAL = 24
Parameters = Mapping[str, Sequence[str]]
_answers: Memory[tuple[Any, ...], Any] = Memory(SEVERAL)


class Asked(Protocol):
    """What a map and its tables ask: of the ledger, or of a log from elsewhere."""

    @property
    def perspective(self) -> str: ...

    def graph(self) -> Graph: ...

    def variants(self) -> tuple[Variant, ...]: ...

    def titles(self, names: Iterable[str]) -> dict[str, str]: ...

    def phases(self) -> dict[str, str]: ...

    def listed(self, what: str, value: str) -> str: ...


@dataclass(frozen=True)
class Question:
    """What is asked. `parameters` are those of the list that shows the very same records."""

    kind: Kind
    perspective: str = USUAL
    parameters: Parameters = field(default_factory=dict)
    person: Actor = SYSTEM

    def graph(self) -> Graph:
        """The map."""
        found: Graph = self._remembered("graph", lambda: discover(self.log()))
        return found

    def variants(self) -> tuple[Variant, ...]:
        """The ways that the records went."""
        found: tuple[Variant, ...] = self._remembered("variants", lambda: variants(self.log()))
        return found

    def log(self, perspective: str = "") -> EventLog:
        """The events from one side."""
        events, texts = self.events()
        return seen_as(PERSPECTIVES[perspective or self.perspective], events, texts, self.kind)

    def titles(self, names: Iterable[str], perspective: str = "") -> dict[str, str]:
        """What people call the activities."""
        return titles_of(self.kind, PERSPECTIVES[perspective or self.perspective], list(names))

    def phases(self) -> dict[str, str]:
        """The phase of each state, seen as states."""
        if self.perspective != "states":
            return {}
        return {state.name: str(state.phase) for state in states_of(self.kind)}

    def listed(self, what: str, value: str, side: str = "") -> str:
        """The address of the list of the records behind a number; `side` is a perspective, or another of `courses`."""
        return list_of(self.kind, self.parameters, course(side or self.perspective, what, value))

    def stretches(self, now: int) -> Stretches:
        """What the time of the records went into, until a moment in milliseconds."""
        events, texts = self.events()
        return stretches(events, texts, states_of(self.kind), self.kind.workflow.initial.name, now)

    def events(self) -> tuple[Events, Texts]:
        """All that was told of the records that are asked about."""
        cases = self.cases()
        if cases is None:
            known = store.known(self.kind.name)
            return known.events, known.texts
        if len(cases) <= FEW and store.unread(self.kind.name) > patience.MANY:
            texts = Texts()
            return of_cases(self.kind.name, self._numbers(), texts), texts
        known = store.known(self.kind.name)
        return known.events[among(known.events["case"], cases)], known.texts

    def cases(self) -> Whole | None:
        """The records that the list shows, by the counters of their numbers; None for all."""
        if not any(self.parameters.values()):
            return None
        return np.array([counter_of(number) for number in self._numbers()], np.int64)

    def _numbers(self) -> list[str]:
        listing = Listing(self.kind, self.person, self.parameters, whole=True)
        return [number for (number,) in raw_rows(listing.query.order_by().values_list("number"))]

    def _remembered(self, what: str, find: Any) -> Any:
        """The answer, found once as long as the ledger of the kind stands where it stood."""
        if not _holds_still(self.parameters):
            return find()
        place = store.position(self.kind.name)
        given = tuple(sorted((name, tuple(values)) for name, values in self.parameters.items()))
        key = (what, self.kind.name, self.perspective, given, place)
        found = _answers.get(key)
        if found is None:
            found = find()
            _answers.put(key, found)
        return found


def among(case: Whole, cases: Whole) -> Any:
    """For each event, whether its case is one of these."""
    if not len(case):
        return np.zeros(0, np.bool_)
    wanted = np.zeros(int(case.max()) + 1, np.bool_)
    wanted[cases[cases < len(wanted)]] = True
    return wanted[case]


# Filters whose answer changes only when a record of the kind does.
STILL = (
    "opened_at.from",
    "opened_at.to",
    "recorded_at.from",
    "recorded_at.to",
    "service",
    "team",
    "priority",
    "customer",
)


def _holds_still(parameters: Parameters) -> bool:
    return all(
        name in STILL and not {"me", "mine"}.intersection(values) for name, values in parameters.items() if values
    )
