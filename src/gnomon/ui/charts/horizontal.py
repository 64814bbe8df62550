"""Lying bars: for names that are words, longest first as the caller sorted them."""

from __future__ import annotations

from dataclasses import replace

from django.utils.safestring import SafeString

from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart, Size
from gnomon.ui.charts.frame import TEXT
from gnomon.ui.charts.scales import Scale, shortened, text_width, ticks
from gnomon.ui.charts.svg import link, tag

ROW = 28.0


def horizontal_bars(chart: Chart) -> SafeString:
    """A bar for each label, its series one after the other, the sum at its end; below zero nothing is drawn."""
    if not chart.drawable:
        return frame.nothing(chart)
    chart = replace(chart, size=Size(chart.size.width, int(ROW * len(chart.labels) + 12)))
    names = [shortened(str(label), chart.size.width * 0.38, TEXT) for label in chart.labels]
    sums = [
        sum(max(one.value(at) or 0.0, 0.0) for one in chart.series) if _known(chart, at) else None
        for at in range(len(chart.labels))
    ]
    ends = [frame.value_words(chart, total) for total in sums]
    left = min(max(text_width(name, TEXT) for name in names) + 12.0, chart.size.width * 0.4)
    right = chart.size.width - min(max(text_width(end, TEXT) for end in ends) + 12.0, chart.size.width * 0.25)
    reach = [total or 0.0 for total in sums] + [rule.value for rule in chart.lines]
    scale = Scale(0.0, max(ticks(0.0, max(*reach, 0.0))[-1] if chart.lines else max(reach), 1e-12), left, right)
    drawing = [_row(chart, at, name, end, scale) for at, (name, end) in enumerate(zip(names, ends, strict=True))] + [
        _rule(chart, index, scale) for index in range(len(chart.lines))
    ]
    return frame.figure(chart, drawing)


def _known(chart: Chart, at: int) -> bool:
    return any(one.value(at) is not None for one in chart.series)


def _row(chart: Chart, at: int, name: str, end: str, scale: Scale) -> SafeString:
    y = 6.0 + at * ROW
    x = 0.0
    bars = []
    for index, series in enumerate(chart.series):
        value = max(series.value(at) or 0.0, 0.0)
        start, stop = scale(x), scale(x + value)
        drawn = tag(
            "rect", x=start, y=y + 6.0, width=max(stop - start, 0.5 if value else 0.0), height=ROW - 12.0, class_="bar"
        )
        spoken = frame.says(chart, at, index)
        bars.append(tag("g", link(series.url(at), drawn, says=spoken), class_=f"series-{series.tone}"))
        x += value
    return tag(
        "g",
        tag("text", name, x=scale.start - 8.0, y=y + ROW / 2 + 4.0, text_anchor="end", class_="label label-name"),
        tag("line", x1=scale.start, x2=scale.start, y1=y, y2=y + ROW, class_="stand"),
        *bars,
        tag("text", end, x=scale(x) + 6.0, y=y + ROW / 2 + 4.0, class_="label label-value"),
    )


def _rule(chart: Chart, index: int, scale: Scale) -> SafeString:
    rule = chart.lines[index]
    x = scale(rule.value)
    line = tag("line", x1=x, x2=x, y1=2.0, y2=chart.size.height - 4.0)
    return tag("g", tag("title", str(rule.title)), line, class_=f"rule tone-line-{rule.tone}")
