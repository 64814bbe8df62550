"""The notices that apps declare in their `notices.py`."""

from __future__ import annotations

from functools import cache

from gnomon.standard.collect import collect
from gnomon.standard.plugs import Notice


@cache
def all_notices() -> tuple[Notice, ...]:
    """Every notice, in the order in which they are declared."""
    return collect("notices", Notice)
