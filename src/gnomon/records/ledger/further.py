"""Whatever else must be as it was is verified with the ledger: apps declare how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gnomon.records.ledger.findings import Findings
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Says


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """Something beside entries and records that nobody may alter unseen, such as results that a record seals.

    Declared in `<app>/ledger_checks.py`. `check(findings)` reads, adds what it finds, and answers how many it looked
    at; `title` says what is counted.
    """

    name: str
    title: Says
    check: Callable[[Findings], int]


def check_further(findings: Findings) -> dict[str, int]:
    """Let every app look at its own; the name of each check → how many things it saw."""
    return {each.name: each.check(findings) for each in collect("ledger_checks", LedgerCheck)}
