"""A difference and how far it may lie off: a bar from end to end, a dot on the value, a stroke where nothing moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from gnomon.standard.plugs import Says
from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart, Series, Size, Tone, can_be_drawn
from gnomon.ui.charts.scales import Scale, decimals, text_width, ticks
from gnomon.ui.charts.svg import tag
from gnomon.ui.markup import joined
from gnomon.ui.numbers import number_words

ROW = 44.0


@dataclass(frozen=True, slots=True)
class Interval:
    """What was estimated, the estimate, and the two ends between which it lies; all in the unit of the chart."""

    title: Says
    value: float
    low: float
    high: float
    tone: Tone = "rest"


def interval_chart(title: Says, intervals: Sequence[Interval], *, unit: Says = "", names: Sequence[Says]) -> SafeString:
    """Intervals on one scale that always shows zero; `names` are the heads of value, lower and upper end."""
    known = [one for one in intervals if all(map(can_be_drawn, (one.value, one.low, one.high)))]
    series = [
        Series(name, [getattr(one, end) for one in known])
        for name, end in zip(names, ("value", "low", "high"), strict=True)
    ]
    size = Size(640, int(ROW * max(len(known), 1) + 34))
    chart = Chart(title, [one.title for one in known], series, unit=unit, size=size)
    if not known:
        return frame.nothing(chart)
    reach = [0.0, *(end for one in known for end in (one.low, one.high))]
    marks = ticks(min(reach), max(reach), 7)
    left = min(max(text_width(str(one.title), frame.TEXT) for one in known) + 16.0, size.width * 0.3)
    scale = Scale(marks[0], marks[-1], left, size.width - 24.0)
    rows = [_row(one, scale, 4.0 + ROW * (at + 0.5)) for at, one in enumerate(known)]
    return frame.figure(chart, [_axis(marks, scale, size), *rows], named=False)


def _axis(marks: Sequence[float], scale: Scale, size: Size) -> SafeString:
    places = decimals(marks)
    bottom = size.height - 26.0
    return joined(
        tag(
            "g",
            tag("line", x1=scale(mark), x2=scale(mark), y1=4.0, y2=bottom),
            tag("text", number_words(mark, places), x=scale(mark), y=size.height - 8.0, text_anchor="middle"),
            class_="tick tick-zero" if mark == 0 else "tick",
        )
        for mark in marks
    )


def _row(one: Interval, scale: Scale, y: float) -> SafeString:
    low, high = scale(one.low), scale(one.high)
    return tag(
        "g",
        tag("text", str(one.title), x=scale.start - 12.0, y=y + 4.0, text_anchor="end", class_="label label-name"),
        tag("rect", x=low, y=y - 5.0, width=max(high - low, 1.0), height=10.0, rx=5.0, class_="reach"),
        tag("circle", cx=scale(one.value), cy=y, r=5.0, class_="dot"),
        class_=f"series-{one.tone}",
    )
