"""Refused
├── NotAllowed     the person may not
├── MoveRefused    the workflow or a missing fact forbids the move
├── InvalidFacts   a field holds what it cannot hold
├── StaleRecord    somebody else changed the record first
└── NotYet         it is being made; whoever asks again gets it
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A wish that was not carried out; its text is a sentence for the person who wished it."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class NotAllowed(Refused):
    """The person's roles do not permit it."""


class MoveRefused(Refused):
    """The workflow has no such move from here, or facts it needs are missing."""


class InvalidFacts(Refused):
    """Fields that cannot hold what was given: field name → sentence."""

    def __init__(self, says: str, fields: Mapping[str, str]) -> None:
        super().__init__(says)
        self.fields = dict(fields)


class StaleRecord(Refused):
    """The record moved on since it was read; `changed` tells what is different in its present version (field → old, new)."""

    def __init__(self, says: str, changed: Mapping[str, tuple[object, object]], by: str, version: int = 0) -> None:
        super().__init__(says)
        self.changed = dict(changed)
        self.by = by
        self.version = version


class NotYet(Refused):
    """What is asked for is being made by somebody else, so that nobody waits for it here; `again` says for how long."""

    again = 3  # seconds
