"""The first rows of the lists that wait for somebody, for their home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from gnomon.records.kinds import kind_named
from gnomon.records.listing import Listing
from gnomon.records.views.columns import column_of, rows_of
from gnomon.standard.plugs import Actor, MyWork
from gnomon.ui.tables import Column, Row

SHOWN = ("number", "title", "priority", "status", "due_at", "service")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What waits, and the first of it."""

    work: MyWork
    count: int
    columns: Sequence[Column]
    rows: Sequence[Row]


def glimpse_of(work: MyWork, count: int, person: Actor) -> Glimpse:
    """The first rows of the list that this work counts, as the list itself would show them."""
    kind = kind_named(work.kind)
    names = [name for name in SHOWN if name in kind.columns]
    page = Listing(kind, person, parse_qs(work.query)).page("", work.shows)
    columns = [replace(column_of(kind, name, ""), sortable=False) for name in names]
    return Glimpse(work, count, columns, rows_of(kind, page.records, names))
