"""Plans and changes in words: what was, what is, and for long values the lines that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import ndiff
from typing import Any

import yaml
from django.utils.translation import gettext as _

from gnomon.records.configuring.plan import Plan

SHORT = 80
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a long value: - before, + after, or the same."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that changed, as people read it: short values side by side, long ones line by line."""

    title: str
    before: str
    after: str
    lines: Sequence[DiffLine] = ()


def told_change(title: str, before: Any, after: Any) -> Told:
    """A change in words."""
    old, new = _text(before), _text(after)
    if "\n" in old or "\n" in new or max(len(old), len(new)) > SHORT:
        return Told(title, "", "", _difference(old, new))
    return Told(title, old, new)


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100).rstrip()
    return str(value)


def _difference(old: str, new: str) -> list[DiffLine]:
    """The lines that differ, with one line around them."""
    before, after = old.splitlines()[:MOST_LINES], new.splitlines()[:MOST_LINES]
    lines = [line for line in ndiff(before, after) if line[:1] != "?"]
    near = {at + d for at, line in enumerate(lines) if line[:1] in "+-" for d in (-1, 0, 1)}
    return [DiffLine(line[:1].strip(), line[2:]) for at, line in enumerate(lines) if at in near]


def plan_as_plain(plan: Plan) -> dict[str, Any]:
    """A plan for programs."""
    return {
        "digest": plan.digest, "seen": plan.seen, "done": plan.done, "counts": plan.counts,
        "steps": [
            {
                "part": step.section, "key": step.key, "line": step.line, "what": step.what,
                "number": step.number if plan.done or step.what != "added" else None, "waits": step.waits,
                "changes": {one.name: [one.before, one.after] for one in step.differences},
            }
            for step in plan.steps
        ],
        "left": [{"part": part, "record": name} for part, name in plan.left],
        "faults": [{"line": fault.line, "says": fault.says} for fault in plan.faults],
    }  # fmt: skip
