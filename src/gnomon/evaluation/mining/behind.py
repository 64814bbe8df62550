"""The records behind a figure, whichever list asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gnomon.evaluation.mining import store
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.conformance import cases_with
from gnomon.evaluation.mining.perspectives import PERSPECTIVES, Numbers
from gnomon.evaluation.mining.reading import counter_of
from gnomon.evaluation.mining.selecting import cases_that
from gnomon.records.kinds import Kind
from gnomon.records.memory import Memory

_found: Memory[tuple[str, str, str, str, tuple[int, str]], list[str]] = Memory(12)


def deviating(kind: Kind, what: str, value: str, numbers: Sequence[str]) -> list[str]:
    """Those of some records that deviate so; only they are replayed."""
    counters = np.array([counter_of(number) for number in numbers], np.int64)
    named = Numbers(kind.prefix)
    return [named[at] for at in cases_with(kind, what, value, counters)]


def numbers_behind(kind: Kind, side: str, what: str, value: str) -> list[str]:
    """Numbers of all records of the kind that went a course; LookupError when it is none."""
    key = (kind.name, side, what, value, store.position(kind.name))
    found = _found.get(key)
    if found is None:
        found = OTHERS[side](kind, what, value) if side in OTHERS else _that_went(kind, side, what, value)
        _found.put(key, found)
    return found


def _that_went(kind: Kind, side: str, what: str, value: str) -> list[str]:
    log = Question(kind, PERSPECTIVES[side].name).log()
    return log.names(cases_that(log, what, value))


def _that_waited(kind: Kind, what: str, value: str) -> list[str]:
    found = Question(kind).stretches(now=0)
    cases = {"cause": found.of, "team": found.taken_over_by}[what](value)
    numbers = Numbers(kind.prefix)
    return [numbers[at] for at in cases.tolist()]


OTHERS: Mapping[str, Callable[[Kind, str, str], list[str]]] = {"waits": _that_waited}
