"""Control charts: values between their limits, moving ranges below, and signals marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.standard.plugs import Says
from gnomon.ui.charts import frame
from gnomon.ui.charts.data import Chart, Rule, Series, Size
from gnomon.ui.charts.frame import Plot
from gnomon.ui.charts.lines import centres_of, line_of, points_of
from gnomon.ui.charts.svg import tag
from gnomon.ui.markup import joined

RANGES = 92  # how high the moving ranges are drawn


@dataclass(frozen=True, slots=True)
class Band:
    """The limits to which the points `first` up to `end` are held; a limit that nothing can reach is None."""

    first: int
    end: int
    centre: float
    low: float | None
    high: float | None
    high_range: float


def control_chart(
    chart: Chart, bands: Sequence[Band], ranges: Sequence[float | None], signals: Mapping[int, Says]
) -> SafeString:
    """The first series of the chart held to its limits; `signals` say at which points which rules broke."""
    if not chart.drawable:
        return frame.nothing(chart)
    series = chart.series[0]
    reach = [end for band in bands for end in (band.low, band.centre, band.high) if end is not None]
    room = frame.plot(chart, [*chart.values(), *reach], from_zero=False)
    centres = centres_of(room, len(chart.labels))
    own = [
        frame.axes(chart, room, centres),
        *_bands(bands, room, centres),
        line_of(series, room, centres, area=False),
        frame.rules(chart, room),
        *_signals(series, signals, room, centres),
        *points_of(chart, room, centres),
    ]
    lower = _ranges(chart, bands, ranges, room, centres)
    high = chart.size.height + (RANGES if lower else 0)
    named = replace(chart, size=Size(chart.size.width, high), rules=[*chart.rules, *_names(bands, signals)])
    return frame.figure(named, [*own, *lower])


def _names(bands: Sequence[Band], signals: Mapping[int, Says]) -> list[Rule]:
    """What the lines and rings are called; the places of these rules do not matter to the legend."""
    names = [Rule(0.0, _("mean and limits"), "1")] if bands else []
    return [*names, *([Rule(0.0, _("signal"), "danger")] if signals else [])]


def _bands(bands: Sequence[Band], room: Plot, centres: Sequence[float]) -> Iterator[SafeString]:
    half = (centres[1] - centres[0]) / 2 if len(centres) > 1 else 16.0
    for band in bands:
        left, right = max(centres[band.first] - half, room.left), min(centres[band.end - 1] + half, room.right)
        for value, look in ((band.centre, "centre"), (band.low, "limit"), (band.high, "limit")):
            if value is not None:
                y = room.scale(value)
                yield tag("line", x1=left, x2=right, y1=y, y2=y, class_=f"control-{look}")


def _signals(series: Series, signals: Mapping[int, Says], room: Plot, centres: Sequence[float]) -> Iterator[SafeString]:
    for at, says in signals.items():
        value = series.value(at)
        if value is not None:
            ring = tag("circle", cx=centres[at], cy=room.scale(value), r=7.0, class_="control-signal")
            yield tag("g", tag("title", str(says)), ring)


def _ranges(
    chart: Chart, bands: Sequence[Band], ranges: Sequence[float | None], above: Plot, centres: Sequence[float]
) -> list[SafeString]:
    """The moving ranges on a scale of their own that begins at zero."""
    known = [moved for moved in ranges if moved is not None]
    if len(known) < 2:
        return []
    size = Size(chart.size.width, RANGES - 6)
    moved = Series(_("moving range"), ranges, "6")
    small = Chart(chart.title, [""] * len(chart.labels), [moved], size=size)
    room = frame.plot(small, [*known, *(band.high_range for band in bands)], from_zero=True)
    room = replace(room, left=above.left, right=above.right, marks=[room.marks[0], room.marks[-1]])
    limits = []
    half = (centres[1] - centres[0]) / 2 if len(centres) > 1 else 16.0
    for band in bands:
        y = room.scale(band.high_range)
        left, right = max(centres[band.first] - half, room.left), min(centres[band.end - 1] + half, room.right)
        limits.append(tag("line", x1=left, x2=right, y1=y, y2=y, class_="control-limit"))
    name = tag("text", _("moving range"), x=room.left + 4.0, y=room.top - 3.0, class_="label")
    inside = [frame.axes(small, room, centres), *limits, line_of(moved, room, centres, area=False), name]
    return [tag("g", joined(inside), transform=f"translate(0 {chart.size.height + 6})")]
