"""Standing bars, side by side or on top of each other."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString

from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart
from gnomon.ui.charts.frame import Plot
from gnomon.ui.charts.svg import link, tag


def bar_chart(chart: Chart, *, stacked: bool = False) -> SafeString:
    """Bars that stand on zero; `stacked` sets the series of a label on each other, what is below zero hanging."""
    if not chart.drawable:
        return frame.nothing(chart)
    reach = [*chart.values(), *_sums(chart)] if stacked else chart.values()
    room = frame.plot(chart, reach, from_zero=True)
    width = (room.right - room.left) / len(chart.labels)
    centres = [room.left + (at + 0.5) * width for at in range(len(chart.labels))]
    bars = _stacked(chart, room, centres, width) if stacked else _grouped(chart, room, centres, width)
    return frame.figure(chart, [frame.axes(chart, room, centres), *bars, frame.rules(chart, room)])


def _sums(chart: Chart) -> Iterator[float]:
    """How high and how deep each stack reaches."""
    for at in range(len(chart.labels)):
        values = [one.value(at) or 0.0 for one in chart.series]
        yield sum(value for value in values if value > 0)
        yield sum(value for value in values if value < 0)


def _grouped(chart: Chart, room: Plot, centres: list[float], width: float) -> Iterator[SafeString]:
    group = min(width * 0.72, 56.0 * len(chart.series))
    each = group / len(chart.series)
    for at, centre in enumerate(centres):
        for index, series in enumerate(chart.series):
            value = series.value(at)
            if value is not None:
                x = centre - group / 2 + index * each
                yield _bar(chart, room, at, index, x=x, width=each * 0.92, base=0.0, value=value)


def _stacked(chart: Chart, room: Plot, centres: list[float], width: float) -> Iterator[SafeString]:
    wide = min(width * 0.72, 56.0)
    for at, centre in enumerate(centres):
        above = below = 0.0
        for index, series in enumerate(chart.series):
            value = series.value(at)
            if value is None:
                continue
            base = above if value >= 0 else below
            yield _bar(chart, room, at, index, x=centre - wide / 2, width=wide, base=base, value=value)
            if value >= 0:
                above += value
            else:
                below += value


def _bar(
    chart: Chart, room: Plot, at: int, index: int, *, x: float, width: float, base: float, value: float
) -> SafeString:
    top, bottom = sorted((room.scale(base), room.scale(base + value)))
    series = chart.series[index]
    # A value of one beside thousands is still somebody's record: half a pixel keeps it in sight.
    height = max(bottom - top, 0.5 if value else 0.0)
    drawn = tag("rect", x=x, y=min(top, chart.size.height - height), width=max(width, 0.5), height=height, class_="bar")
    return tag("g", link(series.url(at), drawn, says=frame.says(chart, at, index)), class_=f"series-{series.tone}")
