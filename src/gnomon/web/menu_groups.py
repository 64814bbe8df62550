"""The menu: what apps declare, for the roles a person holds, in the order of the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from gnomon.organization.roles import REQUESTER
from gnomon.standard.clauses import clause_order
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor, MenuEntry, MyWork, Says

# The clauses in a few words of our own; the house is ordered by them.
TITLES: dict[str, Says] = {
    "4": pgettext_lazy("clause", "Context"),
    "5": pgettext_lazy("clause", "Leadership"),
    "6": pgettext_lazy("clause", "Planning"),
    "7": pgettext_lazy("clause", "Support"),
    "8.1": pgettext_lazy("clause", "Operational control"),
    "8.2": pgettext_lazy("clause", "Service portfolio"),
    "8.3": pgettext_lazy("clause", "Agreements"),
    "8.4": pgettext_lazy("clause", "Supply and demand"),
    "8.5": pgettext_lazy("clause", "Change and release"),
    "8.6": pgettext_lazy("clause", "Resolution"),
    "8.7": pgettext_lazy("clause", "Assurance"),
    "9": pgettext_lazy("clause", "Evaluation"),
    "10": pgettext_lazy("clause", "Improvement"),
}


@dataclass(frozen=True, slots=True)
class MenuLine:
    title: Says
    url: str
    icon: str
    active: bool
    rare: bool = False
    count: int | None = None

    @property
    def drawn_from(self) -> tuple[Any, ...]:
        """All that the line shows."""
        return (str(self.title), self.url, self.icon, self.active, self.rare, self.count)


@dataclass(frozen=True, slots=True)
class MenuGroup:
    clause: str
    title: Says
    entries: Sequence[MenuLine]

    @property
    def drawn_from(self) -> tuple[Any, ...]:
        """All that the group shows."""
        return (self.clause, str(self.title), *self.entries)

    @property
    def daily(self) -> list[MenuLine]:
        """What people open day by day."""
        return [line for line in self.entries if not line.rare]

    @property
    def rare(self) -> list[MenuLine]:
        """What stands folded away."""
        return [line for line in self.entries if line.rare]

    @property
    def is_open(self) -> bool:
        """Whether the page that is shown lies among what is folded away."""
        return any(line.active for line in self.rare)


def menu_for(person: Actor, path: str) -> list[MenuGroup]:
    """The menu of a person, the entry nearest to `path` marked."""
    entries = entries_for(person)
    active = _nearest(entries, path)
    groups: dict[str, list[MenuEntry]] = {}
    for entry in entries:
        groups.setdefault(group_of(entry.clause), []).append(entry)
    return [
        MenuGroup(
            clause,
            TITLES.get(clause, ""),
            [
                MenuLine(e.title, e.url, e.icon, e is active, e.rare)
                for e in sorted(groups[clause], key=lambda e: e.order)
            ],
        )
        for clause in sorted(groups, key=clause_order)
    ]


def group_of(clause: str) -> str:
    """The group of a clause: 8.6.1 stands under 8.6, 9.1 under 9."""
    parts = clause.split(".")
    return ".".join(parts[:2]) if parts[0] == "8" and len(parts) > 1 else parts[0]


def entries_for(person: Actor) -> list[MenuEntry]:
    """The menu entries that one of the person's roles opens."""
    return [entry for entry in collect("menu", MenuEntry) if _is_for(entry.roles, person)]


def work_for(person: Actor) -> list[MyWork]:
    """What may wait for a person of these roles."""
    return [work for work in collect("menu", MyWork) if _is_for(work.roles, person)]


def is_requester_only(person: Actor) -> bool:
    """Whether somebody comes to ask and to report, and works on nothing here."""
    return REQUESTER in person.roles and set(person.roles) == {REQUESTER}


def _is_for(roles: Sequence[str], person: Actor) -> bool:
    return not roles or not set(roles).isdisjoint(person.roles)


def _nearest(entries: Sequence[MenuEntry], path: str) -> MenuEntry | None:
    """The entry whose address begins the path, the longest if several do."""
    near = [entry for entry in entries if _begins(entry.url.partition("?")[0], path)]
    return max(near, key=lambda entry: len(entry.url.partition("?")[0]), default=None)


def _begins(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))
