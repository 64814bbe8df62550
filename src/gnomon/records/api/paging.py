"""Pages of what hangs on a record, oldest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from gnomon.records.cursors import read_cursor, signed_cursor
from gnomon.records.endpoints import Call
from gnomon.records.permissions import may

USUAL, MOST = 100, 500
PARAMETERS = {
    "limit": f"how many on a page, 1 to {MOST}; {USUAL} when left out",
    "cursor": "what the page before gave as “next”",
}


def paged(call: Call, name: str, found: QuerySet[Any], tell: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """One page of a query in the order of its keys, and the cursor of the next."""
    place = f"{name} {call.record.number}"
    behind = read_cursor(place, call.query.get("cursor", ""))
    limit = call.number("limit", USUAL, MOST)
    query = found.order_by("pk").filter(pk__gt=int(behind)) if behind else found.order_by("pk")
    rows = list(query[: limit + 1])
    after = signed_cursor(place, str(rows[limit - 1].pk)) if len(rows) > limit else None
    return {name: [tell(row) for row in rows[:limit]], "next": after}


def among_staff(call: Call) -> bool:
    """Whether whoever calls reads all records of the kind, and so what is said among staff."""
    assert call.kind is not None
    return may(call.person, "read", call.kind)
