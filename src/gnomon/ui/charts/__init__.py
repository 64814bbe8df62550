"""Charts drawn by the server as SVG: typed data in, markup out, no script needed.

from gnomon.ui.charts import Chart, Rule, Series, bar_chart, histogram, horizontal_bars, line_chart, sparkline
"""

from __future__ import annotations

from gnomon.ui.charts.bars import bar_chart
from gnomon.ui.charts.control import Band, control_chart
from gnomon.ui.charts.data import Chart, Rule, Series, Size
from gnomon.ui.charts.histograms import Bin, histogram
from gnomon.ui.charts.horizontal import horizontal_bars
from gnomon.ui.charts.intervals import Interval, interval_chart
from gnomon.ui.charts.lines import line_chart
from gnomon.ui.charts.scales import Scale, ticks
from gnomon.ui.charts.sparklines import sparkline

__all__ = [
    "Band",
    "Bin",
    "Chart",
    "Interval",
    "Rule",
    "Scale",
    "Series",
    "Size",
    "bar_chart",
    "control_chart",
    "histogram",
    "horizontal_bars",
    "interval_chart",
    "line_chart",
    "sparkline",
    "ticks",
]
