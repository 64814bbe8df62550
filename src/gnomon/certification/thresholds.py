"""How much of a population must hold: the little grammar of the catalogue's thresholds.

term [and term]; a term is `100%` or `≥N%` (share of the population that passes or is late), `≥N` (that
many), `≥N each` (that many in every group), `exactly N`, or `0` (no record violates the rule).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache


class Sort(StrEnum):
    SHARE = "share"
    COUNT = "count"
    EACH = "each"
    EXACTLY = "exactly"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `number` is a share between 0 and 1, or a count."""

    sort: Sort
    number: Fraction


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: records seen, those that failed, and how many hold in each group."""

    seen: int
    failed: int
    groups: Mapping[str, int] | None = None

    @property
    def held(self) -> int:
        return self.seen - self.failed


class ThresholdUnreadable(ValueError):
    """A threshold that is none of the forms the grammar knows."""


_TERMS: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    (Sort.SHARE, re.compile(r"≥?(\d+(?:\.\d+)?)%", re.ASCII)),
    (Sort.EACH, re.compile(r"≥(\d+) each", re.ASCII)),
    (Sort.COUNT, re.compile(r"≥(\d+)", re.ASCII)),
    (Sort.EXACTLY, re.compile(r"exactly (\d+)", re.ASCII)),
    (Sort.NONE, re.compile(r"(0)")),
)


@cache
def parse(text: str) -> tuple[Term, ...]:
    """The conditions of a threshold; ThresholdUnreadable when the grammar has no such form."""
    return tuple(_term(part.strip(), text) for part in text.split(" and "))


def met(terms: tuple[Term, ...], tally: Tally) -> bool:
    """Whether every condition holds; ThresholdUnreadable when groups are asked for and not given."""
    return all(_holds(term, tally) for term in terms)


def share_of(text: str) -> Fraction | None:
    """The share below 100 % that a threshold demands, the only part of it an organization may set."""
    shares = [term.number for term in parse(text) if term.sort is Sort.SHARE]
    return shares[0] if shares and shares[0] < 1 else None


def with_share(text: str, percent: float) -> str:
    """The threshold with its share replaced: `≥98%` at 95 becomes `≥95%`."""
    if share_of(text) is None:
        raise ThresholdUnreadable(f"{text} demands no share that could be set.")
    return re.sub(r"≥\d+(\.\d+)?%", f"≥{percent:g}%", text)


def _term(part: str, whole: str) -> Term:
    for sort, pattern in _TERMS:
        found = pattern.fullmatch(part)
        if found is None:
            continue
        number = Fraction(found[1]) / 100 if sort is Sort.SHARE else Fraction(found[1])
        if sort is Sort.SHARE and (number > 1 or (number < 1 and not part.startswith("≥"))):
            break
        return Term(sort, number)
    raise ThresholdUnreadable(f"“{whole}” is not a threshold; say 100%, ≥98%, ≥1, ≥1 each, exactly 1 or 0.")


def _holds(term: Term, tally: Tally) -> bool:
    if term.sort is Sort.SHARE:
        return Fraction(tally.held) >= term.number * tally.seen
    if term.sort is Sort.COUNT:
        return tally.held >= term.number
    if term.sort is Sort.EXACTLY:
        return tally.held == term.number
    if term.sort is Sort.NONE:
        return tally.failed == 0
    if not tally.groups:
        raise ThresholdUnreadable("The threshold asks for a number in each group, and the check named no groups.")
    return all(held >= term.number for held in tally.groups.values())
