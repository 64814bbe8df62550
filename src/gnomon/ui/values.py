"""What cells and facts may hold besides plain text, numbers and moments; `show` knows how each looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gnomon.standard.plugs import Says

VerdictName = Literal[
    "conforming", "observation", "nonconforming", "undetermined", "not_applicable", "not_checked", "error"
]
ClockState = Literal["running", "paused", "met", "missed", "none", "cancelled"]


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a workflow, coloured by its phase: open, waiting, resolved or closed."""

    title: Says
    phase: str


@dataclass(frozen=True, slots=True)
class Priority:
    """1 is the most pressing, 4 the least."""

    level: int
    title: Says


@dataclass(frozen=True, slots=True)
class Age:
    """How long something has been there, or was until its end."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A person, a team or the system."""

    name: Says
    number: str = ""
    url: str = ""
    kind: Literal["person", "team", "system"] = "person"
    away: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """Another record, opened by its number and title."""

    number: str
    title: Says
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Where a clock stands. `left` is working time and below zero once the target has passed.

    `share` is elapsed over target; `ticks` is true while working time is passing right now, so that the
    page may count on by itself.
    """

    state: ClockState
    left: timedelta | None = None
    share: float | None = None
    due_at: datetime | None = None
    title: Says = ""
    ticks: bool = False

    @property
    def is_late(self) -> bool:
        return self.state == "missed" or (self.left is not None and self.left < timedelta(0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a requirement; `url` opens the records behind it."""

    status: VerdictName
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A short word on its own ground: a category, a role, a channel."""

    title: Says
    tone: Literal["", "accent", "ok", "warn", "danger", "info"] = ""
    icon: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, from 0 to 1, with the counts it comes from."""

    value: float | None
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class LongText:
    """Prose that people wrote: lines and paragraphs are kept, nothing in it is markup.

    `named` are the people whom it names: what stands after the @, and who is meant.
    """

    text: str
    named: Sequence[tuple[str, Who]] = ()


Listed = Sequence["Ref | Who | Tag | str"]
