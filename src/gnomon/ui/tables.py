"""What a list page shows; views fill these, `ui/record_list.html` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gnomon.standard.plugs import Says
from gnomon.ui.values import TimeLeft


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `main` is the one that takes the room that is left; `narrow` ones stay on a phone."""

    name: str
    title: Says
    sortable: bool = False
    sorted: Literal["", "ascending", "descending"] = ""
    align: Literal["start", "end"] = "start"
    main: bool = False
    narrow: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list: a cell for each column, in their order, drawn by `show`.

    `mark` changes whenever the record does (its version will do), so that live refresh can point at it;
    `clock`, when given, also colours the row's edge. `others` are at the record now; `edited` when one of them edits it.
    """

    number: str
    url: str
    cells: Sequence[Any]
    title: Says = ""
    mark: str = ""
    clock: TimeLeft | None = None
    others: Sequence[Says] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where the pages before and after this one start; empty at either end."""

    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; `remove` is the address without it."""

    title: Says
    value: Says
    remove: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing; `more` when it holds more than were counted."""

    title: Says
    url: str
    active: bool = False
    count: int | None = None
    icon: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A button that leads to a move, an export, or another action."""

    name: str
    title: Says
    url: str = ""
    icon: str = ""
    tone: Literal["", "primary", "danger"] = ""
    key: str = ""
