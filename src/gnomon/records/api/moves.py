"""The moves that are open to whoever calls."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint
from gnomon.records.permissions import fillable, may_move


class MoveTold(Schema):
    name: str
    title: str
    leads_to: str
    needs: list[str]
    asks: list[str]
    because: bool


class Moves(Schema):
    moves: list[MoveTold]


def moves(call: Call) -> dict[str, Any]:
    """The moves from where the record stands that the caller's roles permit."""
    assert call.kind is not None
    steps = call.kind.workflow_of(call.record).moves_from(call.record.status)
    told = []
    for step in steps:
        if may_move(call.person, call.kind, step):
            given = set(fillable(call.person, call.kind, step, call.record))
            told.append({
                "name": step.name, "title": str(step.title), "leads_to": step.end, "because": step.because,
                "needs": [name for name in step.needs if name in given],
                "asks": [name for name in step.asks if name in given],
            })  # fmt: skip
    return {"moves": told}


MOVES = Endpoint(
    "moves_of", "get", "moves", moves, "List the open moves", kind=EVERY_KIND, tells=Moves,
    description="The moves that the caller may take from here, with the facts that each needs.",
)  # fmt: skip
