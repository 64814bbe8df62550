"""What a dashboard is, and what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gnomon.evaluation.boards.sheet import Section, Sheet
from gnomon.evaluation.choices import Choice
from gnomon.standard.plugs import Actor, Says


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, of which period and part of the records, and what else the address says."""

    person: Any
    choice: Choice
    now: datetime
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One of the dashboards: for those who hold one of `roles`, first of all for `first_for`.

    `narrowed_by` are dimensions that its form offers; without `has_period` it shows this moment.
    """

    name: str
    title: Says
    lead: Says
    roles: tuple[str, ...]
    read: Callable[[Asked], Sheet]
    first_for: tuple[str, ...] = ()
    narrowed_by: tuple[str, ...] = ()
    has_period: bool = True
    live: bool = False

    def is_for(self, person: Actor) -> bool:
        return not set(self.roles).isdisjoint(person.roles)


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """A section that an app above adds to a dashboard: what `read` answers, or None where it has nothing to say.

    `counts` says of an address in it, that is no list of a kind, how many lines it shows to a person.
    """

    board: str
    read: Callable[[Asked], Section | None]
    order: int = 100
    counts: Callable[[str, Actor], int | None] | None = None
