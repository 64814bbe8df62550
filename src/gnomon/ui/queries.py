"""Links that change one part of the address and keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict


def changed_query(present: QueryDict, changes: Mapping[str, Any]) -> str:
    """`?…` with some parameters set, and those given as None or empty taken away; `?` alone when none are left."""
    query = present.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def next_sort(present: str, column: str) -> str:
    """What a click on a column's title sorts by: rising first, then falling, then the list's own order."""
    if present == column:
        return f"-{column}"
    return "" if present == f"-{column}" else column
