"""What apps add to the page of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gnomon.records.models import Record
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page of a kind's records.

    Declared in `<app>/panels.py`. `context(record, person)` answers what `template` shows, or None when
    there is nothing to show this person now. `place` is above the state bar, between description and timeline,
    or in the right column. The panel refreshes with the page; a form in it that somebody fills is left alone.
    Who sees the record may see its panels unless `staff` keeps them among those who read the whole kind.
    """

    kind: str
    name: str
    template: str
    context: Callable[[Record, Actor], Mapping[str, Any] | None]
    place: Literal["above", "main", "aside"] = "aside"
    staff: bool = True
    order: int = 100


def panels_of(record: Record, person: Actor, *, staff: bool) -> dict[str, list[dict[str, Any]]]:
    """Place → the panels that have something to show there: {id, template, context}."""
    places: dict[str, list[dict[str, Any]]] = {"above": [], "main": [], "aside": []}
    declared = [panel for panel in collect("panels", Panel) if panel.kind == record.kind.name]
    for panel in sorted(declared, key=lambda one: one.order):
        if panel.staff and not staff:
            continue
        context = panel.context(record, person)
        if context is not None:
            places[panel.place].append({"id": f"part-{panel.name}", "template": panel.template, "context": context})
    return places
