"""Tiles and charts of a year that never was."""

from __future__ import annotations

from typing import Any

from gnomon.ui.charts import Bin, Chart, Rule, Series, bar_chart, histogram, horizontal_bars, line_chart
from gnomon.ui.charts.data import WIDE
from gnomon.ui.samples.words import sample
from gnomon.ui.tiles import Tile


def tiles() -> list[Tile]:
    share = (88.0, 90.0, 89.0, 92.0, 91.2, 93.4)
    hours = (9.0, 8.4, 8.8, 7.7, 7.1, 6.2)
    backlog = (1010, 1100, 1080, 1190, 1284)
    return [
        Tile(sample("Within target"), share[-1], "#", "%", 95, "95 %", before=share[-2], trend=share, tone="warn"),
        Tile(
            sample("Time to resolve, median"),
            hours[-1],
            "#",
            sample("hours"),
            8,
            "8",
            "lower",
            before=hours[-2],
            trend=hours,
        ),
        Tile(sample("Backlog"), backlog[-1], "#", before=backlog[-2], direction="lower", trend=backlog),
        Tile(sample("Reopened"), None, "#", "%", 5, "5 %", "lower", note=sample("nothing was closed")),
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
                sample("Within target"),
                months,
                [Series(sample("share"), share, urls=urls)],
                "%",
                [Rule(95, sample("target 95 %"), "ok")],
                from_zero=False,
            ),
            area=False,
        ),
        bar_chart(
            Chart(
                sample("Opened and closed"),
                months,
                [Series(sample("opened"), opened, "1", urls), Series(sample("closed"), closed, "2", urls)],
            )
        ),
        horizontal_bars(
            Chart(
                sample("Backlog by team"),
                [sample("Network"), sample("Applications, second line"), sample("Workplace"), "数据库"],
                [Series(sample("open"), [412, 305, 140, 38], urls=["#"] * 4)],
            )
        ),
        histogram(
            sample("Time to resolve"),
            [
                Bin(str(a), str(a + 4), n, "#")
                for a, n in zip(range(0, 40, 4), (210, 340, 280, 160, 90, 61, 33, 20, 9, 4), strict=True)
            ],
            unit="",
        ),
        line_chart(
            Chart(
                sample("Age of the backlog"),
                months,
                [Series(sample("days"), [v / 60 for v in opened], "3")],
                sample("days"),
            )
        ),
        bar_chart(Chart(sample("Nothing yet"), months, [Series(sample("share"), [None] * 12)])),
        bar_chart(
            Chart(
                sample("By priority"),
                months,
                [
                    Series(sample("Critical"), [v * 0.05 for v in opened], "danger"),
                    Series(sample("High"), [v * 0.2 for v in opened], "warn"),
                    Series(sample("Moderate"), [v * 0.5 for v in opened], "info"),
                    Series(sample("Low"), [v * 0.25 for v in opened], "rest"),
                ],
                places=0,
                size=WIDE,
            ),
            stacked=True,
        ),
    ]
