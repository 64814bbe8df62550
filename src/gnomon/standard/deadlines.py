"""What was due, and was done in time, late or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gnomon.standard.plugs import Finding


def kept(dues: Iterable[tuple[str, datetime, datetime | None]], as_of: datetime) -> Finding:
    """Record number, due moment and moment of doing, as a finding; what is neither done nor due yet is not seen."""
    population, late, failed = list[str](), list[str](), list[str]()
    for number, due_at, done_at in dues:
        if done_at is None and due_at > as_of:
            continue
        population.append(number)
        if done_at is None:
            failed.append(number)
        elif done_at > due_at:
            late.append(number)
    return Finding(population, late, failed)
