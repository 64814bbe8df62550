"""Tiles and charts of a year that never was."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gnomon.ui.charts import Bin, Chart, Rule, Series, bar_chart, histogram, horizontal_bars, line_chart
from gnomon.ui.charts.data import WIDE
from gnomon.ui.tiles import Tile


def tiles() -> list[Tile]:
    return [
        Tile(
            _("Within target"), 93.4, "#", "%", 95.0, "95 %", "higher", 91.2, (88, 90, 89, 92, 91.2, 93.4), tone="warn"
        ),
        Tile(_("Time to resolve, median"), 6.2, "#", _("hours"), 8.0, "8", "lower", 7.1, (9, 8.4, 8.8, 7.7, 7.1, 6.2)),
        Tile(_("Backlog"), 1284, "#", before=1190, direction="lower", trend=(1010, 1100, 1080, 1190, 1284)),
        Tile(_("Reopened"), None, "#", "%", 5.0, "5 %", "lower", note=_("nothing was closed")),
    ]


def graphs() -> list[Any]:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    share = [94.1, 93.8, 95.2, 96.0, 95.4, 88.7, None, 92.3, 94.9, 95.6, 96.1, 95.8]
    opened = [812, 790, 845, 901, 877, 1204, 1120, 940, 902, 880, 861, 848]
    closed = [800, 795, 830, 905, 880, 1050, 1190, 1010, 915, 885, 858, 850]
    urls = [f"#{month}" for month in months]
    return [
        line_chart(
            Chart(
                _("Within target"),
                months,
                [Series(_("share"), share, urls=urls)],
                "%",
                [Rule(95, _("target 95 %"), "ok")],
                from_zero=False,
            ),
            area=False,
        ),
        bar_chart(
            Chart(
                _("Opened and closed"),
                months,
                [Series(_("opened"), opened, "1", urls), Series(_("closed"), closed, "2", urls)],
            )
        ),
        horizontal_bars(
            Chart(
                _("Backlog by team"),
                [_("Network"), _("Applications, second line"), _("Workplace"), "数据库"],
                [Series(_("open"), [412, 305, 140, 38], urls=["#"] * 4)],
            )
        ),
        histogram(
            _("Time to resolve"),
            [
                Bin(str(a), str(a + 4), n, "#")
                for a, n in zip(range(0, 40, 4), (210, 340, 280, 160, 90, 61, 33, 20, 9, 4), strict=True)
            ],
            unit="",
        ),
        line_chart(
            Chart(_("Age of the backlog"), months, [Series(_("days"), [v / 60 for v in opened], "3")], _("days"))
        ),
        bar_chart(Chart(_("Nothing yet"), months, [Series(_("share"), [None] * 12)])),
        bar_chart(
            Chart(
                _("By priority"),
                months,
                [
                    Series(_("Critical"), [v * 0.05 for v in opened], "danger"),
                    Series(_("High"), [v * 0.2 for v in opened], "warn"),
                    Series(_("Moderate"), [v * 0.5 for v in opened], "info"),
                    Series(_("Low"), [v * 0.25 for v in opened], "rest"),
                ],
                places=0,
                size=WIDE,
            ),
            stacked=True,
        ),
    ]
