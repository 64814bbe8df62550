"""The steps of a procedure as people write them: one a line, with its minutes first if it has a limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

_LIMITED = re.compile(r"([0-9]{1,4})\s*[:：]\s*(.+)")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Step:
    """A step, and within what time of the beginning it is to be done."""

    title: str
    within: timedelta | None = None


def steps_of(checklist: str) -> Sequence[Step]:
    """The steps of a checklist in their order; bullets and empty lines say nothing."""
    lines = (line.strip().lstrip("-*•·").strip() for line in checklist.splitlines())
    return [_step(line) for line in lines if line]


def _step(line: str) -> Step:
    limited = _LIMITED.fullmatch(line)
    if limited is None:
        return Step(line[:LONGEST])
    return Step(limited[2].strip()[:LONGEST], timedelta(minutes=int(limited[1])))
