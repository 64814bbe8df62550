"""How much of what is dear to look at is looked at: all of it, a tenth, another one each day, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

Share = Literal["all", "sample", "none"]
DAYS = 10  # in which everything was looked at once


def takes(number: int, which: Share, day: int | None = None) -> bool:
    """Whether a thing with this number is looked at on a day, given as its ordinal; today when none is given."""
    turn = (datetime.now(UTC).date().toordinal() if day is None else day) % DAYS
    return which == "all" or (which == "sample" and number % DAYS == turn)
