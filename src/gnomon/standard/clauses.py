"""Clause and requirement numbers of ISO/IEC 20000-1:2018, and how they sort."""

from __future__ import annotations

import re

_PARTS = re.compile(r"\d+|[a-z]+")


def clause_of(requirement: str) -> str:
    """The clause that a requirement id belongs to: `8.6.1-b` is in `8.6.1`."""
    return requirement.partition("-")[0]


def clause_order(number: str) -> tuple[tuple[int, str], ...]:
    """Sort key that puts 8.5 before 8.10 and `8.6.1-a2` before `8.6.1-b`."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in _PARTS.findall(number))


def is_within(number: str, clause: str) -> bool:
    """Whether a clause or requirement stands in `clause` or below it."""
    own = clause_of(number)
    return own == clause or own.startswith(f"{clause}.")
