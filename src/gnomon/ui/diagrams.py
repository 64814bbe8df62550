"""A workflow drawn on the server: each state a line downwards, each move an arrow across them.

Arrows never cross each other's words, so that sixty moves read as well as six. Wide pages and telephones get a
drawing each, of the same parts; a table beside it says the same to those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.standard.plugs import Says
from gnomon.ui.charts.scales import shortened, text_width
from gnomon.ui.charts.svg import number, tag
from gnomon.ui.markup import joined

TEXT = 13.0


@dataclass(frozen=True, slots=True)
class Stand:
    """A state: where a record can stand."""

    name: str
    title: Says
    phase: str
    mark: str = ""  # added, removed or changed


@dataclass(frozen=True, slots=True)
class Step:
    """A move: from some stands to one of its ends, with a sentence for those who ask."""

    name: str
    title: Says
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    says: Says
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Paper:
    """How much room the parts have."""

    name: str
    lead: float  # words of the moves, at the left
    lane: float
    row: float
    head: float
    slanted: bool


def drawing(stands: Sequence[Stand], steps: Sequence[Step], *, says: str, here: str = "") -> SafeString:
    """Both drawings; a sheet of style shows the one that fits."""
    longest = max((text_width(str(stand.title), TEXT) for stand in stands), default=0.0)
    words = max((text_width(str(step.title), TEXT) for step in steps), default=0.0)
    lane = max(64.0, min(longest + 26, 132.0, 960.0 / max(1, len(stands))))
    wide = _Paper("wide", min(words + 28, 230.0), lane, 34.0, 58.0, slanted=False)
    close = max(24.0, min(44.0, 240.0 / max(1, len(stands))))
    narrow = _Paper("narrow", min(words + 16, 120.0), close, 32.0, 18 + min(longest, 130.0) * 0.8, slanted=True)
    return joined(_drawn(paper, stands, steps, says, here) for paper in (wide, narrow))


def _drawn(paper: _Paper, stands: Sequence[Stand], steps: Sequence[Step], says: str, here: str) -> SafeString:
    width = paper.lead + paper.lane * len(stands) + (paper.head * 0.75 if paper.slanted else 8)
    height = paper.head + paper.row * len(steps) + 14
    at = {stand.name: paper.lead + paper.lane * (n + 0.5) for n, stand in enumerate(stands)}
    lanes = [_lane(paper, stand, at[stand.name], height, stand.name == here) for stand in stands]
    rows = [_row(paper, step, at, paper.head + paper.row * (n + 0.5), stands, here) for n, step in enumerate(steps)]
    return tag(
        "svg", *lanes, *rows, class_=f"flow flow-{paper.name}", role="img", aria_label=says,
        viewBox=f"0 0 {number(width)} {number(height)}", width=number(width), height=number(height),
    )  # fmt: skip


def _lane(paper: _Paper, stand: Stand, x: float, height: float, is_here: bool) -> SafeString:
    words = str(stand.title)
    top = paper.head - 12
    classes = f"flow-stand phase-{stand.phase}{_marked(stand.mark)}{' flow-here' if is_here else ''}"
    line = tag("line", x1=number(x), x2=number(x), y1=number(top), y2=number(height - 4), class_="flow-lane")
    if paper.slanted:
        head = tag(
            "text", shortened(words, 130.0, TEXT), x=0, y=0, class_="flow-name",
            transform=f"translate({number(x + 4)} {number(top - 8)}) rotate(-50)",
        )  # fmt: skip
        dot = tag("circle", cx=number(x), cy=number(top), r=6 if is_here else 5, class_="flow-place")
        return tag("g", tag("title", _named(stand, is_here)), line, dot, head, class_=classes)
    box = paper.lane - 10
    parts = [
        line,
        tag("rect", x=number(x - box / 2), y=14, width=number(box), height=28, rx=6, class_="flow-box"),
        tag("rect", x=number(x - box / 2), y=14, width=4, height=28, rx=2, class_="flow-tone"),
        tag("text", shortened(words, box - 8, TEXT), x=number(x + 2), y=32.5, text_anchor="middle", class_="flow-name"),
    ]
    if is_here:
        parts.append(tag("text", _("now"), x=number(x), y=9, text_anchor="middle", class_="flow-now"))
    return tag("g", tag("title", _named(stand, is_here)), *parts, class_=classes)


def _named(stand: Stand, is_here: bool) -> str:
    return f"{stand.title} ({_('now')})" if is_here else str(stand.title)


def _row(
    paper: _Paper, step: Step, at: dict[str, float], y: float, stands: Sequence[Stand], here: str
) -> SafeString:  # fmt: skip
    phase = next((stand.phase for stand in stands if stand.name == step.ends[0]), "open")
    is_open = here in step.starts
    words = shortened(str(step.title), paper.lead - 14, TEXT)
    parts = [tag("text", words, x=0, y=number(y + 4.5), class_="flow-move")]
    right = paper.lead + paper.lane * len(stands)
    parts.append(
        tag(
            "line",
            x1=0,
            x2=number(right),
            y1=number(y + paper.row / 2),
            y2=number(y + paper.row / 2),
            class_="flow-rule",
        )
    )
    starts = [at[name] for name in step.starts if name in at]
    for end in (at[name] for name in step.ends if name in at):
        parts += _arrow(starts, end, y)
    parts += [tag("circle", cx=number(x), cy=number(y), r=4, class_="flow-dot") for x in starts]
    classes = f"flow-step phase-{phase}{_marked(step.mark)}{' flow-open' if is_open else ''}"
    return tag("g", tag("title", str(step.says)), *parts, class_=classes)


def _arrow(starts: Sequence[float], end: float, y: float) -> list[SafeString]:
    """A line from each side, and a head where it ends; a loop when it begins there too."""
    parts = []
    for side, far in ((1, min(starts, default=end)), (-1, max(starts, default=end))):
        if (end - far) * side > 0:
            stop = end - 9 * side
            parts.append(tag("path", d=f"M{number(far)} {number(y)}H{number(stop)}", class_="flow-way"))
            parts.append(tag("path", d=_head(end - 2 * side, y, side), class_="flow-head"))
    if end in starts:
        parts.append(tag("path", d=f"M{number(end - 5)} {number(y)}a5 5 0 1 1 10 0", class_="flow-way flow-loop"))
        parts.append(tag("path", d=_down(end + 5, y + 4), class_="flow-head"))
    return parts


def _head(x: float, y: float, side: int) -> str:
    return f"M{number(x)} {number(y)}l{-8 * side} -4.5v9z"


def _down(x: float, y: float) -> str:
    return f"M{number(x)} {number(y)}l-4 -6h8z"


def _marked(mark: str) -> str:
    return f" flow-{mark}" if mark else ""
