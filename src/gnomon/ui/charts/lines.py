"""Lines and areas over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart, Series
from gnomon.ui.charts.frame import Plot
from gnomon.ui.charts.svg import link, path, tag
from gnomon.ui.markup import joined

Places = list[tuple[float, float]]


def line_chart(chart: Chart, *, area: bool = False) -> SafeString:
    """A line for each series; a gap where a value is missing, never a guess."""
    if not chart.drawable:
        return frame.nothing(chart)
    room = frame.plot(chart, chart.values(), from_zero=chart.from_zero or area)
    centres = centres_of(room, len(chart.labels))
    lines = [line_of(one, room, centres, area=area) for one in chart.series]
    return frame.figure(
        chart,
        [frame.axes(chart, room, centres), *lines, frame.rules(chart, room), *points_of(chart, room, centres)],
    )


def centres_of(room: Plot, count: int) -> list[float]:
    """Where the points of a line stand."""
    if count == 1:
        return [(room.left + room.right) / 2]
    inset = min(16.0, (room.right - room.left) / 8)
    step = (room.right - room.left - 2 * inset) / (count - 1)
    return [room.left + inset + at * step for at in range(count)]


def line_of(series: Series, room: Plot, centres: Sequence[float], *, area: bool) -> SafeString:
    """The line of a series, in pieces where values are missing."""
    drawn = []
    for run in _runs(series, room, centres):
        if area:
            ground = [(run[-1][0], room.zero), (run[0][0], room.zero)]
            drawn.append(tag("path", d=path([*run, *ground]) + "Z", class_="area"))
        if len(run) > 1:
            drawn.append(tag("path", d=path(run), class_="line"))
    return tag("g", joined(drawn), class_=f"series-{series.tone}")


def _runs(series: Series, room: Plot, centres: Sequence[float]) -> Iterator[Places]:
    """Stretches of neighbouring values."""
    run: Places = []
    for at, x in enumerate(centres):
        value = series.value(at)
        if value is not None:
            run.append((x, room.scale(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def points_of(chart: Chart, room: Plot, centres: Sequence[float]) -> Iterator[SafeString]:
    """Dots, each in a field wide enough to hit; with many, a dot shows only under the pointer or the focus."""
    width = (room.right - room.left) / len(centres)
    crowded = len(centres) > 40
    for index, series in enumerate(chart.series):
        for at, x in enumerate(centres):
            value = series.value(at)
            if value is None:
                continue
            y = room.scale(value)
            left, top = max(x - width / 2, 0.0), max(y - 12.0, 0.0)
            field = tag(
                "rect",
                x=left,
                y=top,
                width=min(width, chart.size.width - left),
                height=min(24.0, chart.size.height - top),
                class_="hit",
            )
            dot = tag("circle", cx=x, cy=y, r=3.0, class_="dot dot-crowded" if crowded else "dot")
            spoken = frame.says(chart, at, index)
            yield tag("g", link(series.url(at), field, dot, says=spoken), class_=f"series-{series.tone}")
