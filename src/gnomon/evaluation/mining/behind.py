"""The records behind a figure of a map, whichever list asks."""

from __future__ import annotations

from gnomon.evaluation.mining import store
from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.perspectives import PERSPECTIVES
from gnomon.evaluation.mining.selecting import cases_that
from gnomon.records.kinds import Kind
from gnomon.records.memory import Memory

_found: Memory[tuple[str, str, str, str, tuple[int, str]], list[str]] = Memory(12)


def numbers_behind(kind: Kind, perspective: str, what: str, value: str) -> list[str]:
    """Numbers of all records of the kind that went a course; LookupError when it is none."""
    key = (kind.name, perspective, what, value, store.position(kind.name))
    found = _found.get(key)
    if found is None:
        log = Question(kind, PERSPECTIVES[perspective].name).log()
        found = log.names(cases_that(log, what, value))
        _found.put(key, found)
    return found
