"""What happened to a record, as its page tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gnomon.standard.plugs import Says
from gnomon.ui.values import LongText, Who

EntryKind = Literal[
    "recorded", "move", "change", "comment", "note", "mail", "clock", "attachment", "link", "time", "notice", "other"
]

ICONS: dict[str, str] = {
    "recorded": "plus",
    "move": "arrow-right",
    "change": "edit",
    "comment": "message",
    "note": "lock",
    "mail": "mail",
    "clock": "clock",
    "attachment": "paperclip",
    "link": "link",
    "notice": "bell",
    "time": "hourglass",
    "other": "circle",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that was one thing and became another; values are drawn by `show`."""

    title: Says
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline.

    `at` is when it happened; `told_at` when we were told, given only where the two differ enough to matter.
    `deviation` is a sentence about a step that the workflow in force does not know. A stretch of a clock lasts
    `until` a moment, with `worked` service time in it. `way` is the record on which it was said, if another.
    """

    kind: EntryKind
    actor: Who
    at: datetime
    title: Says
    changes: Sequence[Change] = ()
    because: str = ""
    text: str = ""
    told_at: datetime | None = None
    deviation: Says = ""
    anchor: str = ""
    files: Sequence[Any] = ()
    named: Sequence[tuple[str, Who]] = ()
    until: datetime | None = None
    way: Any = None
    worked: Any = None

    @property
    def said(self) -> LongText:
        """What somebody said, with those whom it names."""
        return LongText(self.text, self.named)

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def spoken(self) -> bool:
        """Whether somebody says something, rather than does something."""
        return self.kind in {"comment", "note", "mail"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a clock's life: what it did, from when to when, and what caused it."""

    state: Literal["running", "paused", "stopped"]
    start: datetime
    end: datetime | None
    worked: Any = None
    because: Says = ""


@dataclass(frozen=True, slots=True)
class ClockStory:
    """A clock on a record's page: where it stands, by which rule, and how it came there."""

    title: Says
    left: Any
    policy: Says = ""
    policy_url: str = ""
    stretches: Sequence[Stretch] = ()
    elapsed: Any = None
    target: Any = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a record; `value` is drawn by `show`."""

    title: Says
    value: Any = None
    help: Says = ""


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that belong together; those that few look at are folded."""

    title: Says
    facts: Sequence[Fact]
    folded: bool = False
