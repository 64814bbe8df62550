"""How long a failed job waits before it is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

LONGEST = timedelta(hours=1)
JITTER = 0.25


def wait_after(attempt: int, base: timedelta, chance: random.Random) -> timedelta:
    """Twice as long after each failure, up to an hour, and up to a quarter more by chance.

    Without the chance, jobs that failed together on one broken peer would all come back together.
    """
    # Beyond 2**32 every base is over LONGEST; larger powers would overflow timedelta.
    doubled = min(base * 2 ** min(attempt - 1, 32), LONGEST) if base < LONGEST else LONGEST
    return doubled * (1 + JITTER * chance.random())
