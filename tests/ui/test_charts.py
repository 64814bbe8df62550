from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from gnomon.ui.charts import (
    Band,
    Bin,
    Chart,
    Interval,
    Rule,
    Series,
    bar_chart,
    control_chart,
    histogram,
    horizontal_bars,
    interval_chart,
    line_chart,
    sparkline,
)

HOSTILE = '<script>alert("1")</script>&\'x'
MONTHS = ["Jan", "Feb", "Mar", "Apr"]

# What no reader of XML takes is not drawn either; it never gets past a form.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=12)
values = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1e6, 1e6) | st.integers(-9, 9)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    labels = draw(st.lists(texts, min_size=1, max_size=12))
    series = draw(
        st.lists(
            st.builds(
                Series,
                texts,
                st.lists(values, max_size=len(labels) + 2),
                st.sampled_from(["1", "2", "ok", "danger"]),
                st.lists(st.sampled_from(["", "/list?a=1&b=2"]), max_size=3),
            ),
            min_size=1,
            max_size=3,
        )
    )
    rules = draw(st.lists(st.builds(Rule, st.floats(allow_nan=True), texts), max_size=2))
    return Chart(draw(texts), labels, series, draw(texts), rules, from_zero=draw(st.booleans()))


def bands_of(chart: Chart) -> list[Band]:
    """Limits for the first half and the second; the second has no lower one."""
    half = len(chart.labels) // 2
    whole = [Band(0, half, 1.0, -2.0, 4.0, 5.0), Band(half, len(chart.labels), 2.0, None, 1e6, 9.0)]
    return [band for band in whole if band.first < band.end]


DRAWN: list[Callable[[Chart], str]] = [
    line_chart,
    lambda chart: line_chart(chart, area=True),
    bar_chart,
    lambda chart: bar_chart(chart, stacked=True),
    horizontal_bars,
    lambda chart: control_chart(
        chart, bands_of(chart), [None, *map(float, range(len(chart.labels) - 1))], {0: HOSTILE}
    ),
]


def drawing(markup: str) -> Element | None:
    """The SVG inside a figure, as XML."""
    found = re.search(r"<svg\b.*?</svg>", markup, re.DOTALL)
    return fromstring(found.group()) if found else None


def places(svg: Element) -> Iterator[tuple[float, float]]:
    """Every point that a drawing names."""
    for part in svg.iter():
        got = part.attrib
        if part.tag == "rect":
            x, y = float(got["x"]), float(got["y"])
            yield x, y
            yield x + float(got["width"]), y + float(got["height"])
        elif part.tag == "line":
            yield float(got["x1"]), float(got["y1"])
            yield float(got["x2"]), float(got["y2"])
        elif part.tag == "circle":
            yield float(got["cx"]), float(got["cy"])
        elif part.tag == "text":
            yield float(got["x"]), float(got["y"])
        elif part.tag == "path":
            for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", got["d"]):
                yield float(x), float(y)


@pytest.mark.parametrize("draw", DRAWN)
@limits(max_examples=60, deadline=None)
@given(chart=charts())
def test_every_point_of_a_chart_lies_inside_its_view_box(draw: Callable[[Chart], str], chart: Chart) -> None:
    markup = draw(chart)
    assert "nan" not in re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", markup).lower()
    svg = drawing(markup)
    assert (svg is not None) == chart.drawable
    if svg is not None:
        _, _, width, height = map(float, svg.attrib["viewBox"].split())
        # A coordinate is rounded to a tenth.
        assert all(-0.2 <= x <= width + 0.2 and -0.2 <= y <= height + 0.2 for x, y in places(svg))


@limits(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), max_size=40), st.floats(allow_nan=True))
def test_a_sparkline_stays_inside_its_box(some: list[float | None], target: float) -> None:
    svg = drawing(sparkline(some, target=target))
    if svg is not None:
        assert all(-0.1 <= x <= 96.1 and -0.1 <= y <= 28.1 for x, y in places(svg))


class Outline(HTMLParser):
    """The names of the tags of a page, and the text in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("draw", DRAWN)
def test_labels_that_people_wrote_stay_text(draw: Callable[[Chart], str]) -> None:
    chart = Chart(HOSTILE, [HOSTILE], [Series(HOSTILE, [3.0], urls=[f"/x?q={HOSTILE}"])] * 2, HOSTILE)
    outline = Outline()
    outline.feed(draw(chart))
    assert "script" not in outline.tags
    assert HOSTILE in outline.words


def test_each_bar_opens_the_list_that_it_counts() -> None:
    chart = Chart("Opened", MONTHS, [Series("opened", [3, 0, 5, 1], urls=[f"/list?month={at}" for at in range(4)])])
    svg = drawing(bar_chart(chart))
    assert svg is not None
    links = list(svg.iter("a"))
    assert [link.attrib["href"] for link in links] == [f"/list?month={at}" for at in range(4)]
    assert links[2].attrib["aria-label"] == "Mar: 5"
    # Links inside something announced as one picture could not be reached.
    assert svg.attrib["role"] == "group"


def test_the_table_behind_a_chart_has_the_same_figures_and_the_same_links() -> None:
    chart = Chart("Share", MONTHS, [Series("share", [94.1, None, 95.25, 1234.5], urls=["/a", "", "/c"])], "%")
    table = line_chart(chart).partition("<details")[2]
    assert re.findall(r"<td>(?:<a [^>]*>)?([^<]+)", table) == ["94.1 %", "–", "95.25 %", "1,234.5 %"]
    assert re.findall(r'href="([^"]+)"', table) == ["/a", "/c"]


def test_bars_are_as_long_as_their_values() -> None:
    svg = drawing(bar_chart(Chart("Opened", MONTHS, [Series("opened", [10, 20, 5, 0])])))
    assert svg is not None
    heights = [float(part.attrib["height"]) for part in svg.iter("rect")]
    # Ticks 0, 5, 10, 15, 20 over 200 pixels (240 high, 14 above, 26 below): ten pixels each.
    assert heights == [100, 200, 50, 0]


def test_stacked_bars_stand_on_each_other() -> None:
    chart = Chart("All", ["Jan"], [Series("a", [10]), Series("b", [20]), Series("c", [10])])
    svg = drawing(bar_chart(chart, stacked=True))
    assert svg is not None
    bars = [(float(part.attrib["y"]), float(part.attrib["height"])) for part in svg.iter("rect")]
    # 40 in all over 200 pixels: five pixels each; the first stands on the ground at 214.
    assert bars == [(164, 50), (64, 100), (14, 50)]


def test_a_missing_month_is_a_gap_and_not_a_guess() -> None:
    svg = drawing(line_chart(Chart("Share", [*MONTHS, "May"], [Series("s", [1, 2, None, 4, 5])])))
    assert svg is not None
    lines = [part.attrib["d"] for part in svg.iter("path")]
    assert [line.count("L") for line in lines] == [1, 1]


def test_a_target_is_drawn_even_where_no_value_reaches_it() -> None:
    markup = line_chart(Chart("Share", MONTHS, [Series("s", [1, 2, 1, 2])], rules=[Rule(95, "target 95 %", "ok")]))
    svg = drawing(markup)
    assert svg is not None
    rule = next(part for part in svg.iter("g") if "rule" in part.attrib.get("class", ""))
    assert 14 <= float(rule.find("line").attrib["y1"]) < 30  # type: ignore[union-attr]
    assert "target 95 %" in markup


def test_no_figures_is_said_in_words() -> None:
    empty = Chart("Share", MONTHS, [Series("s", [None, float("nan")])], empty="Nothing was closed.")
    for draw in DRAWN:
        assert "Nothing was closed." in draw(empty)
        assert "<svg" not in draw(empty)
    assert "There are no figures for this yet." in histogram("Spread", [Bin("0", "4", 0)])
    assert sparkline([3.0]) == ""


def test_a_histogram_names_its_edges_once() -> None:
    bins = [Bin("0", "4", 3, "/a"), Bin("4", "8", 9, "/b"), Bin("8", "12", 1, "/c")]
    svg = drawing(histogram("Hours", bins, unit="records"))
    assert svg is not None
    assert [part.text for part in svg.iter("text") if "label" in part.attrib.get("class", "") and part.text] == [
        "0", "4", "8", "12",
    ]  # fmt: skip
    assert [part.attrib["aria-label"] for part in svg.iter("a")][1] == "4 – 8: 9 records"


def test_long_names_are_cut_in_the_chart_and_whole_in_the_table() -> None:
    name = "运维服务台第一线受理与派单小组" * 3
    markup = horizontal_bars(Chart("Backlog", [name], [Series("open", [4])]))
    svg = drawing(markup)
    assert svg is not None
    drawn = next(part.text for part in svg.iter("text") if part.attrib.get("class") == "label label-name")
    assert drawn
    assert drawn.endswith("…")
    assert len(drawn) < len(name)
    assert name in markup.partition("<details")[2]


@given(st.lists(st.tuples(*[st.floats(allow_nan=True)] * 3), max_size=4))
def test_an_interval_chart_always_shows_zero(ends: list[tuple[float, float, float]]) -> None:
    drawn = interval_chart(HOSTILE, [Interval(HOSTILE, *one) for one in ends], names=("a", "b", "c"))
    assert "<script" not in drawn
    svg = drawing(drawn)
    if svg is not None:
        assert any(one.get("class") == "tick tick-zero" for one in svg.iter())
