"""What a dashboard shows, as data: sections of tiles, graphs and tables, each figure with the list that it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from gnomon.records.memory import Memory
from gnomon.standard.plugs import Says
from gnomon.ui import charts
from gnomon.ui.charts import Band, Bin, Chart
from gnomon.ui.tiles import Tile

# Some pages of charts, a few dozen kilobytes each.
_drawn: Memory[bytes, SafeString] = Memory(128)

Form = Literal["bars", "stacked", "lines", "area", "lying", "histogram", "control"]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence beside a graph or in a table, and the list that it speaks of."""

    text: Says
    url: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """What makes a line a control chart."""

    bands: Sequence[Band]
    ranges: Sequence[float | None]
    signals: Mapping[int, Says]


@dataclass(frozen=True, slots=True)
class Graph:
    """A chart, the way it is drawn, and what there is to say about it; `edges` are those of a histogram's bins."""

    chart: Chart
    form: Form
    lines: Sequence[Line] = ()
    edges: Sequence[Says] = ()
    control: Control | None = None
    note: Says = ""

    @property
    def drawn(self) -> SafeString:
        """The chart as markup: drawn once for all that it shows and the language, since most end before today."""
        shows = repr((get_language(), self.form, self.chart, self.edges, self.control))
        key = blake2b(shows.encode()).digest()
        drawn = _drawn.get(key)
        if drawn is None:
            drawn = self._draw()
            _drawn.put(key, drawn)
        return drawn

    def _draw(self) -> SafeString:
        if self.form == "control" and self.control is not None:
            control = self.control
            return charts.control_chart(self.chart, control.bands, control.ranges, control.signals)
        if self.form == "histogram":
            return charts.histogram(
                self.chart.title, self.bins, unit=self.chart.unit, empty=self.chart.empty, size=self.chart.size
            )
        if self.form == "lying":
            return charts.horizontal_bars(self.chart)
        if self.form in {"bars", "stacked"}:
            return charts.bar_chart(self.chart, stacked=self.form == "stacked")
        return charts.line_chart(self.chart, area=self.form == "area")

    @property
    def bins(self) -> list[Bin]:
        only = self.chart.series[0]
        return [
            Bin(self.edges[at], self.edges[at + 1], int(only.values[at] or 0), only.url(at))
            for at in range(len(self.chart.labels))
        ]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: words, and for a figure its value, the list behind it and how many records that holds."""

    words: Says
    value: float | None = None
    url: str = ""
    count: int | None = None
    tone: Literal["", "ok", "warn", "danger"] = ""
    trend: Sequence[float | None] = ()
    target: float | None = None
    of: str = ""  # the name of the measure, where the cell is what it says as a whole

    @property
    def spark(self) -> SafeString:
        from gnomon.ui.charts import sparkline

        return sparkline(self.trend, target=self.target)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under heads; the first cell of a row names it, and the first `texts` are words, not figures."""

    title: Says
    heads: Sequence[Says]
    rows: Sequence[Sequence[Cell]]
    empty: Says = ""
    texts: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a dashboard under one heading."""

    title: Says
    tiles: Sequence[Tile] = ()
    graphs: Sequence[Graph] = ()
    tables: Sequence[Table] = ()
    note: Says = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole dashboard of a period; `empty` is a sentence where there is nothing to show at all."""

    sections: Sequence[Section]
    lead: Sequence[Says] = ()
    empty: Says = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure that people see: where it stands, the records that it counts, and the list of them."""

    section: str
    figure: str
    series: str
    label: str
    value: float | None
    unit: str
    count: int | None
    url: str
    of: str = ""
    is_whole: bool = False  # and no bar, point or cell of a part

    @property
    def where(self) -> str:
        return " / ".join(filter(None, (self.section, self.figure, self.series, self.label)))


def marks(sheet: Sheet) -> Iterator[Mark]:
    """Every figure of a dashboard: tiles, bars, points and cells with a value."""
    for section in sheet.sections:
        for tile in section.tiles:
            value = float(tile.value) if isinstance(tile.value, int | float) else None
            yield Mark(
                str(section.title), str(tile.title), "", "", value, str(tile.unit), tile.count, tile.url, tile.of, True
            )
        for graph in section.graphs:
            yield from _marks_of(str(section.title), graph.chart)
        for table in section.tables:
            for row in table.rows:
                for head, cell in zip(table.heads, row, strict=True):
                    if cell.value is not None or cell.count is not None:
                        named = (str(section.title), str(table.title), str(head), str(row[0].words))
                        yield Mark(*named, cell.value, "", cell.count, cell.url, cell.of, bool(cell.of))


def _marks_of(section: str, chart: Chart) -> Iterator[Mark]:
    for series in chart.series:
        for at, label in enumerate(chart.labels):
            value = series.value(at)
            if value is not None:
                count = series.counts[at] if at < len(series.counts) else None
                named = (section, str(chart.title), str(series.name), str(label))
                yield Mark(*named, value, str(chart.unit), count, series.url(at))
