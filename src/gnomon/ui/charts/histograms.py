"""How values are spread: bins that touch, marked at their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from gnomon.standard.plugs import Says
from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart, Series, Size, Tone
from gnomon.ui.charts.scales import every
from gnomon.ui.charts.svg import link, tag
from gnomon.ui.markup import joined


@dataclass(frozen=True, slots=True)
class Bin:
    """Values from `start` up to but not at `end`, both as words; `count` of them."""

    start: Says
    end: Says
    count: int
    url: str = ""
    tone: Tone = "1"


def histogram(
    title: Says, bins: Sequence[Bin], *, unit: Says = "", empty: Says = "", size: Size | None = None
) -> SafeString:
    """Bars that touch, since the bins do; an edge is named once, under the line between two bars."""
    series = Series(title, [one.count for one in bins], urls=[one.url for one in bins])
    labels = [f"{one.start} – {one.end}" for one in bins]
    chart = Chart(title, labels, [series], unit=unit, empty=empty, size=size or Size())
    if not any(one.count for one in bins):
        return frame.nothing(chart)
    room = frame.plot(chart, chart.values(), from_zero=True)
    width = (room.right - room.left) / len(bins)
    bars = []
    for at, one in enumerate(bins):
        top = room.scale(one.count)
        drawn = tag(
            "rect",
            x=room.left + at * width + 0.5,
            y=top,
            width=max(width - 1.0, 0.5),
            height=room.zero - top,
            class_="bar",
        )
        bars.append(tag("g", link(one.url, drawn, says=frame.says(chart, at, 0)), class_=f"series-{one.tone}"))
    # The labels of the bins are for the table; the axis shows their edges.
    bare = Chart(title, [""] * len(bins), [series], size=chart.size)
    middles = [room.left + (at + 0.5) * width for at in range(len(bins))]
    return frame.figure(chart, [frame.axes(bare, room, middles), *bars, _edges(bins, chart, room, width)])


def _edges(bins: Sequence[Bin], chart: Chart, room: frame.Plot, width: float) -> SafeString:
    words = [str(one.start) for one in bins] + [str(bins[-1].end)]
    shown = every(words, room.right - room.left, frame.TEXT)
    return joined(
        tag(
            "text",
            word,
            x=min(room.left + at * width, room.right),
            y=chart.size.height - 8.0,
            text_anchor="end" if at == len(bins) else "middle",
            class_="label",
        )
        for at, word in enumerate(words)
        if at % shown == 0
    )
