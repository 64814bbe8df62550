"""A trend the size of a word."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from gnomon.ui.charts.data import can_be_drawn
from gnomon.ui.charts.scales import Scale
from gnomon.ui.charts.svg import path, tag

WIDTH, HEIGHT, EDGE = 96.0, 28.0, 3.0


def sparkline(values: Sequence[float | None], *, target: float | None = None, says: str = "") -> SafeString:
    """A line through the values and a dot on the last; nothing at all when fewer than two are known."""
    known = [(at, v) for at, v in enumerate(values) if v is not None and can_be_drawn(v)]
    if len(known) < 2:
        return SafeString("")
    aimed = target is not None and can_be_drawn(target)
    reach = [v for _, v in known] + ([target] if aimed and target is not None else [])
    low, high = min(reach), max(reach)
    if high - low <= max(abs(low), abs(high), 1e-3) * 1e-9:
        low, high = low - 1.0 - abs(low) * 0.1, high + 1.0 + abs(high) * 0.1
    across = Scale(0.0, float(len(values) - 1), EDGE, WIDTH - EDGE)
    up = Scale(low, high, HEIGHT - EDGE, EDGE)
    points = [(across(at), up(v)) for at, v in known]
    aim = None
    if aimed and target is not None:
        aim = tag("line", x1=EDGE, x2=WIDTH - EDGE, y1=up(target), y2=up(target), class_="spark-target")
    return tag(
        "svg",
        *([aim] if aim else []),
        tag("path", d=path(points), class_="spark-line"),
        tag("circle", cx=points[-1][0], cy=points[-1][1], r=2.2, class_="spark-dot"),
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        width=int(WIDTH),
        height=int(HEIGHT),
        class_="spark",
        role="img" if says else None,
        aria_label=says or None,
        aria_hidden=None if says else "true",
    )
